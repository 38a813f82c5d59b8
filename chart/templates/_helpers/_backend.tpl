{{/* True where the backend follows the Secrets by itself, else empty: upstream's knows only its environment. */}}
{{- define "kure-monitor.backend.isLive" -}}
{{- if and .Values.operator.enabled (not (include "kure-monitor.upstream.runs" .)) }}true{{ end }}
{{- end }}

{{/* True where the backend keeps SQLite on a volume, else empty. */}}
{{- define "kure-monitor.backend.hasVolume" -}}
{{- if and .Values.backend.persistence.enabled (eq (include "kure-monitor.database.kind" .) "sqlite") }}true{{ end }}
{{- end }}

{{/* Where its pods like to be: a volume can be used on one node at a time, so a new pod prefers the node of the old one. root */}}
{{- define "kure-monitor.backend.affinity" -}}
{{- if include "kure-monitor.backend.hasVolume" . }}
podAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "kure-monitor.selectorLabels" (list . "backend") | nindent 12 }}
{{- end }}
{{- end }}

{{/* The environment of this project's backend: root. */}}
{{- define "kure-monitor.backend.env" -}}
{{- $values := .Values.backend -}}
{{- if .Values.operator.enabled -}}
- name: BOOTSTRAP_SECRET
  value: {{ include "kure-monitor.bootstrap.secretName" . | quote }}
- name: KEYRING_SECRET
  value: {{ include "kure-monitor.keyring.secretName" . }}
- name: ROTATION_CONFIGMAP
  value: {{ include "kure-monitor.objectName" (list . "rotation") }}
{{- with include "kure-monitor.bootstrap.entries" (list . (list "SERVICE_TOKEN_KEY" "serviceToken")) }}
{{ . | trim }}
{{- end }}
{{ end -}}
- name: PORT
  value: "8000"
- name: DATA_DIR
  value: /data
{{- with include "kure-monitor.env.numbers" (list (list "DRAIN_SECONDS" $values.drainSeconds)) }}
{{ . }}
{{- end }}
{{- with $values.trustedProxies }}
- name: TRUSTED_PROXIES
  value: {{ join "," . }}
{{- end }}
{{ include "kure-monitor.env" $values }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.backend.validate" -}}
{{- $drain := .Values.backend.drainSeconds | int }}
{{- $grace := .Values.terminationGracePeriodSeconds | int }}
{{- if and $drain (gt (add $drain 15) $grace) }}
{{- fail (printf "backend.drainSeconds=%d and 15 seconds to finish are more than terminationGracePeriodSeconds=%d, so pods would be killed while they serve: raise the one or lower the other." $drain $grace) }}
{{- end }}
{{- end }}
