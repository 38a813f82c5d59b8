{{/* True where the programs of Kure Monitor 2.3.0 run, else empty. */}}
{{- define "kure-monitor.upstream.runs" -}}
{{- if eq .Values.programs "upstream" }}true{{ end }}
{{- end }}

{{/* What all of them want, then what a person adds: values. */}}
{{- define "kure-monitor.upstream.env" -}}
- name: PYTHONUNBUFFERED
  value: "1"
{{- with .extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What one who sends the service token needs: root. */}}
{{- define "kure-monitor.upstream.presenterEnv" -}}
{{ include "kure-monitor.env.backendUrl" . }}
{{ include "kure-monitor.bootstrap.env" (list . "SERVICE_TOKEN" "serviceToken") }}
{{- end }}

{{/* They write to both. */}}
{{- define "kure-monitor.upstream.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
- name: var-tmp
  mountPath: /var/tmp
{{- end }}

{{- define "kure-monitor.upstream.volumes" -}}
- name: tmp
  emptyDir: {}
- name: var-tmp
  emptyDir: {}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.upstream.validate" -}}
{{- if include "kure-monitor.upstream.runs" . }}
{{- if eq (include "kure-monitor.database.kind" .) "sqlite" }}
{{- fail "programs=upstream needs PostgreSQL: set postgresql.enabled=true or database.existingSecret, as values-upstream.yaml does." }}
{{- end }}
{{- if gt (.Values.backend.replicas | int) 1 }}
{{- fail "programs=upstream keeps its WebSockets in one process, so a second backend would miss messages: leave backend.replicas at 1." }}
{{- end }}
{{- if hasPrefix "kure-bootstrap/" .Values.backend.image.repository }}
{{- fail (printf "programs=upstream needs upstream's images, and backend.image.repository is %s: take them from values-upstream.yaml (--values chart/values-upstream.yaml)." .Values.backend.image.repository) }}
{{- end }}
{{- end }}
{{- end }}
