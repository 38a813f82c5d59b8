{{/* The templates whose containers have the variables that a person adds to a component. */}}
{{- define "kure-monitor.extraEnv.templates" -}}
agent: [agent/daemonset]
backend: [backend/deployment]
frontend: [frontend/deployment]
operator: [operator/deployment, rotation/cronjob, selftest/pod]
securityScanner: [security-scanner/deployment]
{{- end }}

{{/* Which value sets a variable: component. */}}
{{- define "kure-monitor.extraEnv.values" -}}
BOOTSTRAP_SECRET: bootstrap.existingSecret
DATABASE_URL: database.existingSecret
DEBOUNCE_MAX_SECONDS: operator.debounceMaxSeconds
DEBOUNCE_SECONDS: operator.debounceSeconds
DRAIN_SECONDS: backend.drainSeconds
ENCRYPTION_KEY: security.encryptionKey
EXTERNAL_SECRET: bootstrap.existingSecret
LOG_LEVEL: {{ . }}.logLevel
PGPASSWORD: postgresql.existingSecret
ROLLOUT_DEADLINE_SECONDS: operator.rolloutDeadlineSeconds
SCOPE: operator.scope
SERVICE_TOKEN: bootstrap.existingSecret
SERVICE_TOKEN_KEY: bootstrap.existingSecretKeys.serviceToken
SESSION_SECRET: bootstrap.existingSecret
SESSION_SECRET_KEY: bootstrap.existingSecretKeys.sessionSecret
SILENCE_SECONDS: operator.silenceSeconds
TRUSTED_PROXIES: backend.trustedProxies
{{- end }}

{{/* Refuses a variable that a container would have twice. */}}
{{- define "kure-monitor.extraEnv.validate" -}}
{{- range $component, $templates := include "kure-monitor.extraEnv.templates" . | fromYaml }}
{{- range $templates }}
{{- $spec := (include (printf "%s/%s.yaml" $.Template.BasePath .) $ | fromYaml).spec | default dict }}
{{- $spec = ($spec.jobTemplate).spec | default $spec }}
{{- range (($spec.template).spec | default $spec).containers }}
{{- $names := list }}
{{- range .env }}
{{- if has .name $names }}
{{- $value := get (include "kure-monitor.extraEnv.values" $component | fromYaml) .name }}
{{- fail (printf "%s.extraEnv: %s is set already: %s." $component .name (ternary (printf "set %s instead" $value) "leave it out" (ne $value ""))) }}
{{- end }}
{{- $names = append $names .name }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
