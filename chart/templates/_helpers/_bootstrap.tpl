{{/* The only place that names the bootstrap Secret. */}}
{{- define "kure-monitor.bootstrap.secretName" -}}
{{- include "kure-monitor.objectName" (list . "bootstrap") }}
{{- end }}

{{/* The Secret that only the operator writes. */}}
{{- define "kure-monitor.keyring.secretName" -}}
{{- include "kure-monitor.objectName" (list . "keyring") }}
{{- end }}

{{/* An environment variable from the bootstrap Secret: list root variable key. */}}
{{- define "kure-monitor.bootstrap.env" -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      name: {{ include "kure-monitor.bootstrap.secretName" (first .) }}
      key: {{ last . }}
{{- end }}

{{/*
The annotation that says "this render made up every value", for the one render that did. An
operator that meets it beside unknown values knows that no person chose them. list root data
*/}}
{{- define "kure-monitor.bootstrap.renderMark" -}}
{{- with last . }}
{{- printf "%s\n%s\n%s" (first $).Release.Name (index . "service-token" | b64dec) (index . "session-secret" | b64dec) | sha256sum }}
{{- end }}
{{- end }}
