{{/* The only place that names the encryption Secret. */}}
{{- define "kure-monitor.encryption.secretName" -}}
{{- .Values.security.existingSecret | default (include "kure-monitor.objectName" (list . "encryption")) }}
{{- end }}

{{/* True where this chart writes the encryption Secret, else empty: a key that is given is never left to others. */}}
{{- define "kure-monitor.encryption.isRendered" -}}
{{- $isMadeHere := and (eq .Values.bootstrap.generator "chart") (not (include "kure-monitor.encryption.isLost" .)) }}
{{- if and (or $isMadeHere .Values.security.encryptionKey) (not .Values.security.existingSecret) }}true{{ end }}
{{- end }}

{{/* The encryption Secret as the cluster has it, as JSON; an empty object where there is none, or where this render cannot see it. */}}
{{- define "kure-monitor.encryption.liveSecret" -}}
{{- lookup "v1" "Secret" .Release.Namespace (include "kure-monitor.encryption.secretName" .) | toJson }}
{{- end }}

{{/* Its key, encoded; empty where it has none. */}}
{{- define "kure-monitor.encryption.live" -}}
{{- $live := include "kure-monitor.encryption.liveSecret" . | fromJson }}
{{- get ($live.data | default dict) "encryption-key" }}
{{- end }}

{{/* True where the keyring has a key that the cluster lost: the operator puts that one back, and no new one may take its place. */}}
{{- define "kure-monitor.encryption.isLost" -}}
{{- $keyring := lookup "v1" "Secret" .Release.Namespace (include "kure-monitor.keyring.secretName" .) }}
{{- $document := get ($keyring.data | default dict) "keyring.json" | b64dec | fromJson }}
{{- if and (hasKey ($document.keys | default dict) "encryption-key") (not (include "kure-monitor.encryption.live" .)) }}true{{ end }}
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
      name: {{ include "kure-monitor.encryption.secretName" . | quote }}
      key: encryption-key
      optional: true
{{- end }}

{{/* Any other form is taken: a key of an older release is not always a Fernet key. */}}
{{- define "kure-monitor.encryption.validate" -}}
{{- $given := .Values.security.encryptionKey | default "" }}
{{- if regexMatch "\\s" $given }}
{{- fail "security.encryptionKey has a space or a line break in it, which pods would see as part of the key: give it without." }}
{{- end }}
{{- with .Values.security.existingSecret }}
{{- if $given }}
{{- fail (printf "security.existingSecret says that the key is made elsewhere, in %s, and security.encryptionKey gives one: leave one of the two empty." .) }}
{{- end }}
{{- $own := include "kure-monitor.objectName" (list $ "encryption") }}
{{- if and (ne $.Values.operator.scope "release") (ne . $own) }}
{{- fail (printf "security.existingSecret: with operator.scope=%s the operator finds Secrets by their names, so make this one as %s." $.Values.operator.scope $own) }}
{{- end }}
{{- include "kure-monitor.existingSecret.validate" (list $ "security.existingSecret" . "encryption-key") }}
{{- end }}
{{- $found := include "kure-monitor.encryption.live" . }}
{{- if and $found $given (ne $found ($given | b64enc)) }}
{{- fail (printf "security.encryptionKey is not the key in the Secret %s, and what is stored under that one could not be read any more: leave security.encryptionKey empty to keep it; `kure-bootstrap rotate encryption-key` changes it without a loss." (include "kure-monitor.encryption.secretName" .)) }}
{{- end }}
{{- end }}
