{{/* The annotations of a pod template, never none: without any, a client-side apply would delete the operator's stamps. list values defaults */}}
{{- define "kure-monitor.podAnnotations" -}}
{{- merge (deepCopy ((first .).podAnnotations | default dict)) (last .) | toYaml }}
{{- end }}

{{/* Refuses what the operator writes to restart pods: each upgrade would fail by a conflict, or restart them once more. */}}
{{- define "kure-monitor.podAnnotations.validate" -}}
{{- $written := list "kubectl.kubernetes.io/restartedAt" "bootstrap.kure.io/service-token" "bootstrap.kure.io/session-secret" "bootstrap.kure.io/encryption-key" }}
{{- range $component := list "backend" "agent" "securityScanner" }}
{{- range $name := $written }}
{{- if and $.Values.operator.enabled (hasKey ((get $.Values $component).podAnnotations | default dict) $name) }}
{{- fail (printf "%s.podAnnotations: the operator writes %s when it restarts pods: leave it out; `kubectl rollout restart` restarts them by hand." $component $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The labels of a pod template: list root component values. */}}
{{- define "kure-monitor.podLabels" -}}
{{- $labels := include "kure-monitor.selectorLabels" (list (first .) (index . 1)) | fromYaml }}
{{- merge $labels ((last .).podLabels | default dict) | toYaml }}
{{- end }}

{{/* What every pod has, beside its containers and volumes: list root component values. */}}
{{- define "kure-monitor.podSpec" -}}
{{- $root := first . -}}
serviceAccountName: {{ include "kure-monitor.objectName" (list $root (index . 1)) }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds | int }}
{{- with include "kure-monitor.imagePullSecrets" $root }}
{{ . }}
{{- end }}
{{- with last . }}
{{- with .priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "kure-monitor.spread" . }}
topologySpreadConstraints:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What every container has, beside its environment, ports and volumes: list root values. */}}
{{- define "kure-monitor.container" -}}
{{- $values := last . -}}
image: {{ include "kure-monitor.image" (list (first .) $values.image) | quote }}
imagePullPolicy: {{ $values.image.pullPolicy }}
securityContext:
  {{- include "kure-monitor.containerSecurityContext" . | nindent 2 }}
{{- with $values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Startup asks the same as liveness: list root port livePath readyPath. */}}
{{- define "kure-monitor.probes" -}}
{{- $probes := (first .).Values.probes -}}
{{- $live := dict "httpGet" (dict "path" (index . 2) "port" (index . 1)) }}
{{- $ready := dict "httpGet" (dict "path" (index . 3) "port" (index . 1)) -}}
startupProbe:
  {{- merge (deepCopy $probes.startup) $live | toYaml | nindent 2 }}
readinessProbe:
  {{- merge (deepCopy $probes.readiness) $ready | toYaml | nindent 2 }}
livenessProbe:
  {{- merge (deepCopy $probes.liveness) $live | toYaml | nindent 2 }}
{{- end }}
