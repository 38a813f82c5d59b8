{{/* The only place that names the bootstrap Secret. */}}
{{- define "kure-monitor.bootstrap.secretName" -}}
{{- .Values.bootstrap.existingSecret | default (include "kure-monitor.objectName" (list . "bootstrap")) }}
{{- end }}

{{/* The Secret that only the operator writes. */}}
{{- define "kure-monitor.keyring.secretName" -}}
{{- include "kure-monitor.objectName" (list . "keyring") }}
{{- end }}

{{/* True where this chart makes up the bootstrap Secret, else empty. */}}
{{- define "kure-monitor.bootstrap.isRendered" -}}
{{- if and (eq .Values.bootstrap.generator "chart") (not .Values.bootstrap.existingSecret) }}true{{ end }}
{{- end }}

{{/*
True where a Secret without values tells an operator of the whole cluster of this release, else empty. One that is there tells it by
itself, and stays as it is: Helm would take away the values that it has rendered into it before.
*/}}
{{- define "kure-monitor.bootstrap.isAnnounced" -}}
{{- if and (eq .Values.bootstrap.generator "operator") (ne .Values.operator.scope "release") }}
{{- if not (lookup "v1" "Secret" .Release.Namespace (include "kure-monitor.bootstrap.secretName" .)) }}true{{ end }}
{{- end }}
{{- end }}

{{/* An environment variable from the bootstrap Secret: list root variable key, the key as existingSecretKeys names it. */}}
{{- define "kure-monitor.bootstrap.env" -}}
{{- $root := first . -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      name: {{ include "kure-monitor.bootstrap.secretName" $root | quote }}
      key: {{ get $root.Values.bootstrap.existingSecretKeys (last .) | quote }}
{{- end }}

{{/* Where in somebody else's Secret the keys are, for a program that reads it by name: list root, then pairs of variable and key. */}}
{{- define "kure-monitor.bootstrap.entries" -}}
{{- $root := first . }}
{{- if $root.Values.bootstrap.existingSecret }}
{{- range rest . }}
- name: {{ first . }}
  value: {{ get $root.Values.bootstrap.existingSecretKeys (last .) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.bootstrap.validate" -}}
{{- $existing := .Values.bootstrap.existingSecret }}
{{- $keys := .Values.bootstrap.existingSecretKeys }}
{{- if eq .Values.bootstrap.generator "operator" }}
{{- if not .Values.operator.enabled }}
{{- fail "bootstrap.generator=operator needs the operator: set operator.enabled=true, or let the chart generate the values (bootstrap.generator=chart)." }}
{{- end }}
{{- if $existing }}
{{- fail (printf "bootstrap.existingSecret says that %s is made elsewhere, so the operator cannot generate it, too: leave bootstrap.generator at chart, or bootstrap.existingSecret empty." $existing) }}
{{- end }}
{{- end }}
{{- if and (not $existing) (ne (join " " (list $keys.serviceToken $keys.sessionSecret)) "service-token session-secret") }}
{{- fail "bootstrap.existingSecretKeys names keys of bootstrap.existingSecret: set that one, too." }}
{{- end }}
{{- if eq $keys.serviceToken $keys.sessionSecret }}
{{- fail (printf "bootstrap.existingSecretKeys: serviceToken and sessionSecret are both %q: name two keys, since the two values must differ." $keys.serviceToken) }}
{{- end }}
{{- with $existing }}
{{- $data := (lookup "v1" "Secret" $.Release.Namespace .).data }}
{{- range $key := list $keys.serviceToken $keys.sessionSecret }}
{{- if and $data (not (get $data $key)) }}
{{- fail (printf "The Secret %s (bootstrap.existingSecret) has no key %q: add it there, or name the right one in bootstrap.existingSecretKeys." $existing $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
