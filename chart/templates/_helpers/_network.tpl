{{/* The head of a component's policy, both directions: list root component. */}}
{{- define "kure-monitor.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "kure-monitor.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "kure-monitor.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
{{- end }}

{{/* The pods of components, as peers: list root component…. */}}
{{- define "kure-monitor.network.pods" -}}
{{- $root := first . }}
{{- range rest . }}
- podSelector:
    matchLabels:
      {{- include "kure-monitor.selectorLabels" (list $root .) | nindent 6 }}
{{- end }}
{{- end }}

{{/* Names are looked up anywhere: a cluster's DNS is not always made of pods. root */}}
{{- define "kure-monitor.network.toDns" -}}
- ports:
    {{- range .Values.networkPolicy.dnsPorts }}
    - { protocol: UDP, port: {{ . | int }} }
    - { protocol: TCP, port: {{ . | int }} }
    {{- end }}
{{- end }}

{{/* root */}}
{{- define "kure-monitor.network.toApiServer" -}}
{{- with .Values.networkPolicy.apiServer -}}
- ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ . | int }} }
    {{- end }}
  {{- with .cidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* root */}}
{{- define "kure-monitor.network.toBackend" -}}
- to:
    {{- include "kure-monitor.network.pods" (list . "backend") | trim | nindent 4 }}
  ports:
    - { protocol: TCP, port: 8000 }
{{- end }}

{{/* root */}}
{{- define "kure-monitor.network.toDatabase" -}}
{{- $kind := include "kure-monitor.database.kind" . }}
{{- if eq $kind "bundled" -}}
- to:
    {{- include "kure-monitor.network.pods" (list . "postgresql") | trim | nindent 4 }}
  ports:
    - { protocol: TCP, port: 5432 }
{{- else if eq $kind "external" -}}
- ports:
    - { protocol: TCP, port: {{ .Values.networkPolicy.databasePort | int }} }
{{- end }}
{{- end }}

{{/* Who reads the metrics of programs that serve nothing else: root. */}}
{{- define "kure-monitor.network.fromMetrics" -}}
{{- with .Values.networkPolicy.metricsFrom }}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - { protocol: TCP, port: 8080 }
{{- end }}
{{- end }}

{{/* The policy of one who only asks others: list root component rules. */}}
{{- define "kure-monitor.network.clientPolicy" -}}
{{- $root := first . -}}
{{ include "kure-monitor.networkPolicy" (list $root (index . 1)) }}
  {{- with include "kure-monitor.network.fromMetrics" $root }}
  ingress:
    {{- . | trim | nindent 4 }}
  {{- end }}
  egress:
    {{- range last . }}
    {{- include (printf "kure-monitor.network.%s" .) $root | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.network.validate" -}}
{{- if and .Values.networkPolicy.enabled (or .Values.ingress.enabled .Values.route.enabled) (not .Values.networkPolicy.webFrom) }}
{{- fail "networkPolicy.enabled shuts out whoever brings requests from outside: name the pods or the namespace of the ingress controller or Gateway in networkPolicy.webFrom." }}
{{- end }}
{{- if and .Values.route.enabled (not .Values.route.parentRefs) }}
{{- fail "route.enabled needs a Gateway: name it in route.parentRefs." }}
{{- end }}
{{- end }}
