{{/*
The account of one component: list root component. A pod that calls the API says so itself.
*/}}
{{- define "kure-monitor.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "kure-monitor.metadata" . | nindent 2 }}
automountServiceAccountToken: false
{{- end }}

{{/* Gives a component the role of its name: list root component. */}}
{{- define "kure-monitor.roleBinding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "kure-monitor.metadata" . | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "kure-monitor.objectName" . }}
subjects:
  {{- include "kure-monitor.subject" . | nindent 2 }}
{{- end }}

{{- define "kure-monitor.clusterRoleBinding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  {{- include "kure-monitor.clusterMetadata" . | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ include "kure-monitor.clusterObjectName" . }}
subjects:
  {{- include "kure-monitor.subject" . | nindent 2 }}
{{- end }}

{{- define "kure-monitor.subject" -}}
- kind: ServiceAccount
  name: {{ include "kure-monitor.objectName" . }}
  namespace: {{ (first .).Release.Namespace | quote }}
{{- end }}

{{/* The Secrets that live verifiers follow. */}}
{{- define "kure-monitor.credentialSecrets" -}}
- {{ include "kure-monitor.bootstrap.secretName" . | quote }}
- {{ include "kure-monitor.keyring.secretName" . }}
{{- end }}

{{/* The names of operator.extraWorkloads of one kind, as YAML: list root kind. */}}
{{- define "kure-monitor.extraWorkloads" -}}
{{- $names := list }}
{{- $prefix := printf "%s/" (last .) }}
{{- range (first .).Values.operator.extraWorkloads }}
{{- if hasPrefix $prefix . }}
{{- $names = append $names (trimPrefix $prefix .) }}
{{- end }}
{{- end }}
{{- with $names | uniq }}
{{- toYaml . }}
{{- end }}
{{- end }}
