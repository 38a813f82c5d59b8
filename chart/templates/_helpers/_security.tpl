{{/* Pod Security `restricted`. No user is named: images bring a numeric one, and OpenShift chooses its own. */}}
{{- define "kure-monitor.podSecurityContext" -}}
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "kure-monitor.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
