{{/* What people reach from outside, and its port: the frontend, or the backend where there is none. root */}}
{{- define "kure-monitor.web.service" -}}
{{- include "kure-monitor.objectName" (list . (ternary "frontend" "backend" .Values.frontend.enabled)) }}
{{- end }}

{{- define "kure-monitor.web.port" -}}
{{- ternary 8080 8000 .Values.frontend.enabled }}
{{- end }}

{{/* The metadata of what leads there: list root component annotations. */}}
{{- define "kure-monitor.web.metadata" -}}
{{ include "kure-monitor.metadata" (list (first .) (index . 1)) }}
{{- with last . }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
