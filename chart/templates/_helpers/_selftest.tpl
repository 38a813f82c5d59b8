{{/* True where `helm test` has something to ask, else empty: upstream's backend does not say whether it is ready. */}}
{{- define "kure-monitor.selftest.runs" -}}
{{- if and .Values.operator.enabled (not (include "kure-monitor.upstream.runs" .)) }}true{{ end }}
{{- end }}
