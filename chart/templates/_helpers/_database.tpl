{{/* Where the backend keeps its data: sqlite, bundled or external. root */}}
{{- define "kure-monitor.database.kind" -}}
{{- if .Values.database.existingSecret }}external{{ else if .Values.postgresql.enabled }}bundled{{ else }}sqlite{{ end }}
{{- end }}

{{/* The only place that names the Secret with the password of the bundled database. */}}
{{- define "kure-monitor.postgresql.secretName" -}}
{{- .Values.postgresql.existingSecret | default (include "kure-monitor.objectName" (list . "postgresql")) }}
{{- end }}

{{/* Where the database is, for the backend; the password is in no URL. root */}}
{{- define "kure-monitor.database.env" -}}
{{- $kind := include "kure-monitor.database.kind" . -}}
{{- if eq $kind "external" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret | quote }}
      key: {{ .Values.database.existingSecretKey | quote }}
{{- else if eq $kind "bundled" -}}
- name: DATABASE_URL
  value: {{ printf "postgresql://%s@%s:5432/%s" .Values.postgresql.username (include "kure-monitor.objectName" (list . "postgresql")) .Values.postgresql.database }}
{{ include "kure-monitor.postgresql.password" (list . "PGPASSWORD") }}
{{- end }}
{{- end }}

{{/* An environment variable with the password: list root variable. */}}
{{- define "kure-monitor.postgresql.password" -}}
- name: {{ last . }}
  valueFrom:
    secretKeyRef:
      name: {{ include "kure-monitor.postgresql.secretName" (first .) | quote }}
      key: postgres-password
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.database.validate" -}}
{{- $postgresql := .Values.postgresql }}
{{- $kind := include "kure-monitor.database.kind" . }}
{{- if and .Values.database.existingSecret $postgresql.enabled }}
{{- fail (printf "database.existingSecret names a database and postgresql.enabled=true installs another one: leave database.existingSecret (%s) empty, or set postgresql.enabled=false." .Values.database.existingSecret) }}
{{- end }}
{{- if and (gt (.Values.backend.replicas | int) 1) (eq $kind "sqlite") }}
{{- fail (printf "backend.replicas=%d needs a database that pods can share: set postgresql.enabled=true or database.existingSecret, or leave backend.replicas at 1, which SQLite allows." (.Values.backend.replicas | int)) }}
{{- end }}
{{- if and (eq $kind "bundled") (not $postgresql.existingSecret) (eq .Values.bootstrap.generator "operator") }}
{{- fail "postgresql.enabled with bootstrap.generator=operator needs a password that does not change with each render: make a Secret with the key postgres-password and name it in postgresql.existingSecret." }}
{{- end }}
{{- with .Values.database }}
{{- include "kure-monitor.existingSecret.validate" (list $ "database.existingSecret" .existingSecret .existingSecretKey) }}
{{- end }}
{{- if $postgresql.enabled }}
{{- include "kure-monitor.existingSecret.validate" (list . "postgresql.existingSecret" $postgresql.existingSecret "postgres-password") }}
{{- end }}
{{- end }}
