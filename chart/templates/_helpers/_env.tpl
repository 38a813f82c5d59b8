{{/* Where the pod is, and how much it tells; then what a person adds: values. */}}
{{- define "kure-monitor.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: LOG_LEVEL
  value: {{ .logLevel }}
{{- with .extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Numbers, 0 among them, that a program knows itself where nobody sets them: a list of (list variable number). */}}
{{- define "kure-monitor.env.numbers" -}}
{{- $env := list }}
{{- range . }}
{{- if not (kindIs "invalid" (last .)) }}
{{- $env = append $env (dict "name" (first .) "value" (last . | int | toString)) }}
{{- end }}
{{- end }}
{{- with $env }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{/* What one who sends the service token needs: root. */}}
{{- define "kure-monitor.env.presenter" -}}
- name: BACKEND_URL
  value: http://{{ include "kure-monitor.objectName" (list . "backend") }}:8000
{{ include "kure-monitor.bootstrap.env" (list . "SERVICE_TOKEN" "serviceToken") }}
- name: HEALTH_PORT
  value: "8080"
{{- end }}
