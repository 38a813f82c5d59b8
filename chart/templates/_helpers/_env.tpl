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

{{/* Where the backend is: root. */}}
{{- define "kure-monitor.env.backendUrl" -}}
- name: BACKEND_URL
  value: http://{{ include "kure-monitor.objectName" (list . "backend") }}:8000
{{- end }}

{{/* What one who sends the service token needs: root. */}}
{{- define "kure-monitor.env.presenter" -}}
{{ include "kure-monitor.env.backendUrl" . }}
{{ include "kure-monitor.bootstrap.env" (list . "SERVICE_TOKEN" "serviceToken") }}
- name: HEALTH_PORT
  value: "8080"
{{- end }}

{{/* What the operator itself goes by: root. */}}
{{- define "kure-monitor.env.operatorNames" -}}
- name: RELEASE
  value: {{ .Release.Name | quote }}
- name: LEASE
  value: {{ include "kure-monitor.objectName" (list . "operator") }}
{{- end }}

{{/* The names of one release's objects, for a program that works with them: root. */}}
{{- define "kure-monitor.env.release" -}}
{{ include "kure-monitor.env.operatorNames" . }}
- name: BOOTSTRAP_SECRET
  value: {{ include "kure-monitor.bootstrap.secretName" . | quote }}
- name: ENCRYPTION_SECRET
  value: {{ include "kure-monitor.encryption.secretName" . | quote }}
- name: KEYRING_SECRET
  value: {{ include "kure-monitor.keyring.secretName" . }}
- name: ROTATION_CONFIGMAP
  value: {{ include "kure-monitor.objectName" (list . "rotation") }}
{{- if .Values.bootstrap.existingSecret }}
- name: EXTERNAL_SECRET
  value: "true"
{{- end }}
{{- with include "kure-monitor.bootstrap.entries" (list . (list "SERVICE_TOKEN_KEY" "serviceToken") (list "SESSION_SECRET_KEY" "sessionSecret")) }}
{{ . | trim }}
{{- end }}
{{- end }}

{{/* What the command line needs in a pod: root. */}}
{{- define "kure-monitor.env.commandLine" -}}
{{ include "kure-monitor.env.release" . }}
{{ include "kure-monitor.env" .Values.operator }}
{{- end }}
