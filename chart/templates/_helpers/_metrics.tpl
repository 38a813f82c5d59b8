{{/* The metadata of a monitor, by whose labels a Prometheus finds it: list root component labels. */}}
{{- define "kure-monitor.metrics.metadata" -}}
{{- $root := first . -}}
name: {{ include "kure-monitor.objectName" (list $root (index . 1)) }}
namespace: {{ $root.Release.Namespace | quote }}
labels:
  {{- merge (include "kure-monitor.labels" (list $root (index . 1)) | fromYaml) (last . | default dict) | toYaml | nindent 2 }}
{{- end }}

{{/*
A monitor of one component: list root kind component port. The operator names namespace and release
of what it speaks of, which a scrape must not write over.
*/}}
{{- define "kure-monitor.metrics.monitor" -}}
{{- $root := first . }}
{{- $kind := index . 1 }}
{{- $component := index . 2 -}}
apiVersion: monitoring.coreos.com/v1
kind: {{ $kind }}
metadata:
  {{- include "kure-monitor.metrics.metadata" (list $root $component $root.Values.metrics.monitors.labels) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "kure-monitor.selectorLabels" (list $root $component) | nindent 6 }}
  {{ ternary "endpoints" "podMetricsEndpoints" (eq $kind "ServiceMonitor") }}:
    - port: {{ last . }}
      path: /metrics
      interval: {{ $root.Values.metrics.monitors.interval }}
      honorLabels: {{ eq $component "operator" }}
{{- end }}

{{/* One alert: list root name expression minutes severity summary. What its expression sums up has lost the labels that say where. */}}
{{- define "kure-monitor.metrics.alert" -}}
- alert: {{ index . 1 }}
  expr: {{ index . 2 | quote }}
  for: {{ printf "%dm" (index . 3 | int) }}
  labels:
    severity: {{ index . 4 }}
    namespace: {{ (first .).Release.Namespace | quote }}
    release: {{ (first .).Release.Name | quote }}
  annotations:
    summary: {{ last . | quote }}
{{- end }}
