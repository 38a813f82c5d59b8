{{/* More than one pod spread over nodes, where nobody says otherwise; empty for one: list root component values. */}}
{{- define "kure-monitor.spread" -}}
{{- $values := last . }}
{{- with $values.topologySpreadConstraints }}
{{- toYaml . }}
{{- else }}
{{- if gt ($values.replicas | int) 1 -}}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "kure-monitor.selectorLabels" (list (first .) (index . 1)) | nindent 6 }}
{{- end }}
{{- end }}
{{- end }}

{{/* Of several pods all but one stay; one alone must not keep a node from being drained: list root component values. */}}
{{- define "kure-monitor.podDisruptionBudget" -}}
{{- if gt ((last .).replicas | int) 1 -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "kure-monitor.metadata" (list (first .) (index . 1)) | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "kure-monitor.selectorLabels" (list (first .) (index . 1)) | nindent 6 }}
{{- end }}
{{- end }}
