{{/* Pod Security `restricted`. No user is named by itself: images bring a numeric one, and OpenShift chooses its own. root */}}
{{- define "kure-monitor.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.runAsUser }}
runAsUser: {{ . | int }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "kure-monitor.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
