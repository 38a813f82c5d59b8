{{/* What a selector says, for ever: list root component. */}}
{{- define "kure-monitor.selectorLabels" -}}
app.kubernetes.io/name: {{ include "kure-monitor.name" (first .) | quote }}
app.kubernetes.io/instance: {{ (first .).Release.Name | quote }}
app.kubernetes.io/component: {{ last . }}
{{- end }}

{{/* The labels of every object: list root component. */}}
{{- define "kure-monitor.labels" -}}
{{- $root := first . -}}
{{ include "kure-monitor.selectorLabels" . }}
app.kubernetes.io/version: {{ include "kure-monitor.labelValue" $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | include "kure-monitor.labelValue" | quote }}
{{- end }}

{{- define "kure-monitor.labelValue" -}}
{{- regexReplaceAll "[^-A-Za-z0-9_.]" . "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{/* The metadata of an object that is named after its component: list root component. */}}
{{- define "kure-monitor.metadata" -}}
name: {{ include "kure-monitor.objectName" . }}
namespace: {{ (first .).Release.Namespace | quote }}
labels:
  {{- include "kure-monitor.labels" . | nindent 2 }}
{{- end }}

{{- define "kure-monitor.clusterMetadata" -}}
name: {{ include "kure-monitor.clusterObjectName" . }}
labels:
  {{- include "kure-monitor.labels" . | nindent 2 }}
{{- end }}

{{/* The metadata of a Secret that people edit, by which an operator of cluster scope finds it: list root component. */}}
{{- define "kure-monitor.sourceSecretMetadata" -}}
{{ include "kure-monitor.metadata" . }}
  bootstrap.kure.io/secret: {{ last . }}
{{- end }}
