{{/* True where this release runs an operator, else empty. */}}
{{- define "kure-monitor.operator.runs" -}}
{{- if and .Values.operator.enabled (ne .Values.operator.scope "shared") }}true{{ end }}
{{- end }}

{{/* The names of one release's objects, for a program that works with them: root. */}}
{{- define "kure-monitor.env.release" -}}
- name: RELEASE
  value: {{ .Release.Name | quote }}
- name: BOOTSTRAP_SECRET
  value: {{ include "kure-monitor.bootstrap.secretName" . }}
- name: ENCRYPTION_SECRET
  value: {{ include "kure-monitor.encryption.secretName" . }}
- name: KEYRING_SECRET
  value: {{ include "kure-monitor.keyring.secretName" . }}
- name: ROTATION_CONFIGMAP
  value: {{ include "kure-monitor.objectName" (list . "rotation") }}
{{- with .Values.bootstrap.existingSecret }}
- name: EXTERNAL_SECRET
  value: "true"
{{- end }}
{{- with include "kure-monitor.bootstrap.entries" (list . (list "SERVICE_TOKEN_KEY" "serviceToken") (list "SESSION_SECRET_KEY" "sessionSecret")) }}
{{ . | trim }}
{{- end }}
{{- end }}

{{/* Whom the operator serves: root. */}}
{{- define "kure-monitor.operator.env" -}}
{{ include "kure-monitor.env.release" . }}
- name: SCOPE
  value: {{ .Values.operator.scope }}
- name: LEASE
  value: {{ include "kure-monitor.objectName" (list . "operator") }}
{{- end }}

{{/* To be the only operator that acts: root. */}}
{{- define "kure-monitor.operator.leaseRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames:
    - {{ include "kure-monitor.objectName" (list . "operator") }}
  verbs: [get, update]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
{{- end }}

{{/* What the operator may do in its own release, by name wherever a name can limit it: root. */}}
{{- define "kure-monitor.operator.releaseRules" -}}
- apiGroups: [""]
  resources: [secrets]
  resourceNames:
    {{- if not .Values.bootstrap.existingSecret }}
    - {{ include "kure-monitor.bootstrap.secretName" . }}
    {{- end }}
    - {{ include "kure-monitor.encryption.secretName" . }}
    - {{ include "kure-monitor.keyring.secretName" . }}
  verbs: [get, list, watch, patch]
{{- with .Values.bootstrap.existingSecret }}
- apiGroups: [""]
  resources: [secrets]
  resourceNames:
    - {{ . }}
  verbs: [get, list, watch]
{{- end }}
# A name cannot limit who may create.
- apiGroups: [""]
  resources: [secrets, configmaps, events, pods/eviction]
  verbs: [create]
- apiGroups: [""]
  resources: [configmaps]
  resourceNames:
    - {{ include "kure-monitor.objectName" (list . "rotation") }}
  verbs: [patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [apps]
  resources: [deployments, daemonsets, statefulsets]
  verbs: [list, watch]
- apiGroups: [apps]
  resources: [deployments]
  resourceNames:
    - {{ include "kure-monitor.objectName" (list . "backend") }}
    - {{ include "kure-monitor.objectName" (list . "security-scanner") }}
    {{- with include "kure-monitor.extraWorkloads" (list . "deployment") }}
    {{- . | nindent 4 }}
    {{- end }}
  verbs: [patch]
- apiGroups: [apps]
  resources: [daemonsets]
  resourceNames:
    - {{ include "kure-monitor.objectName" (list . "agent") }}
    {{- with include "kure-monitor.extraWorkloads" (list . "daemonset") }}
    {{- . | nindent 4 }}
    {{- end }}
  verbs: [patch]
{{- with include "kure-monitor.extraWorkloads" (list . "statefulset") }}
- apiGroups: [apps]
  resources: [statefulsets]
  resourceNames:
    {{- . | nindent 4 }}
  verbs: [patch]
{{- end }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.operator.validate" -}}
{{- $operator := .Values.operator }}
{{- if and (ne $operator.scope "release") $operator.extraWorkloads }}
{{- fail (printf "operator.extraWorkloads adds rights for operator.scope=release: with %s the operator may restart every workload of the cluster, so leave operator.extraWorkloads empty." $operator.scope) }}
{{- end }}
{{- range $operator.extraWorkloads }}
{{- if not (regexMatch "^(deployment|daemonset|statefulset)/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" .) }}
{{- fail (printf "operator.extraWorkloads: %q must be deployment/<name>, daemonset/<name> or statefulset/<name>." .) }}
{{- end }}
{{- end }}
{{- end }}
