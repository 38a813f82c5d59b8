{{/* The volume can be used on one node at a time: a new pod prefers the node of the old one. */}}
{{- define "kure-monitor.backend.affinity" -}}
podAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "kure-monitor.selectorLabels" (list . "backend") | nindent 12 }}
{{- end }}
