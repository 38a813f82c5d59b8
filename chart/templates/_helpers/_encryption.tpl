{{/* The only place that names the encryption Secret. */}}
{{- define "kure-monitor.encryption.secretName" -}}
{{- include "kure-monitor.objectName" (list . "encryption") }}
{{- end }}

{{/* True where this chart writes the encryption Secret, else empty: a key that is given is never left to others. */}}
{{- define "kure-monitor.encryption.isRendered" -}}
{{- if or (eq .Values.bootstrap.generator "chart") .Values.security.encryptionKey }}true{{ end }}
{{- end }}

{{/* A Fernet key: 32 random bytes in URL-safe base64. */}}
{{- define "kure-monitor.encryption.newKey" -}}
{{- randBytes 32 | replace "+" "-" | replace "/" "_" }}
{{- end }}

{{/* Optional, because a lost key must not keep the backend from checking tokens: root. */}}
{{- define "kure-monitor.encryption.env" -}}
- name: ENCRYPTION_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "kure-monitor.encryption.secretName" . }}
      key: encryption-key
      optional: true
{{- end }}

{{/* Any other form is taken: a key of an older release is not always a Fernet key. */}}
{{- define "kure-monitor.encryption.validate" -}}
{{- if regexMatch "\\s" .Values.security.encryptionKey }}
{{- fail "security.encryptionKey has a space or a line break in it, which pods would see as part of the key: give it without." }}
{{- end }}
{{- end }}
