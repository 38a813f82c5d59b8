{{/* True where this release runs an operator, else empty. */}}
{{- define "kure-monitor.operator.runs" -}}
{{- if and .Values.operator.enabled (ne .Values.operator.scope "shared") }}true{{ end }}
{{- end }}

{{/* Whom the operator serves: one release by the names of its objects, or all by the labels of theirs. root */}}
{{- define "kure-monitor.operator.env" -}}
- name: SCOPE
  value: {{ .Values.operator.scope }}
{{- if eq .Values.operator.scope "cluster" }}
{{ include "kure-monitor.env.operatorNames" . }}
{{- else }}
{{ include "kure-monitor.env.release" . }}
{{- end }}
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
    - {{ include "kure-monitor.encryption.secretName" . | quote }}
    - {{ include "kure-monitor.keyring.secretName" . }}
  verbs: [list, watch, patch]
{{- with .Values.bootstrap.existingSecret }}
- apiGroups: [""]
  resources: [secrets]
  resourceNames:
    - {{ . | quote }}
  verbs: [list, watch]
{{- end }}
# A name cannot limit who may create.
- apiGroups: [""]
  resources: [secrets, configmaps, events, pods/eviction]
  verbs: [create]
# Events have names of their own.
- apiGroups: [""]
  resources: [events]
  verbs: [patch]
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
    {{- if .Values.securityScanner.enabled }}
    - {{ include "kure-monitor.objectName" (list . "security-scanner") }}
    {{- end }}
    {{- with include "kure-monitor.extraWorkloads" (list . "deployment") }}
    {{- . | nindent 4 }}
    {{- end }}
  verbs: [patch]
{{- $daemonSets := include "kure-monitor.extraWorkloads" (list . "daemonset") }}
{{- if or .Values.agent.enabled $daemonSets }}
- apiGroups: [apps]
  resources: [daemonsets]
  resourceNames:
    {{- if .Values.agent.enabled }}
    - {{ include "kure-monitor.objectName" (list . "agent") }}
    {{- end }}
    {{- with $daemonSets }}
    {{- . | nindent 4 }}
    {{- end }}
  verbs: [patch]
{{- end }}
{{- with include "kure-monitor.extraWorkloads" (list . "statefulset") }}
- apiGroups: [apps]
  resources: [statefulsets]
  resourceNames:
    {{- . | nindent 4 }}
  verbs: [patch]
{{- end }}
{{- end }}

{{/*
What a person has to say on a bootstrap Secret that this chart does not write, after operator.scope has changed: whether its release
has an operator of its own. Empty where nothing is to be said. root
*/}}
{{- define "kure-monitor.operator.unsaid" -}}
{{- $name := include "kure-monitor.bootstrap.secretName" . }}
{{- $live := (lookup "v1" "Secret" .Release.Namespace $name).metadata | default dict }}
{{- $isOwn := eq (get ($live.annotations | default dict) "bootstrap.kure.io/operator") "own" }}
{{- $isFound := hasKey ($live.labels | default dict) "bootstrap.kure.io/secret" }}
{{- if include "kure-monitor.bootstrap.isRendered" . }}
{{- else if and $isOwn (ne .Values.operator.scope "release") -}}
The operator that this release had has made its Secret, which says so still. Say that another one serves it now:

  kubectl annotate secret {{ $name }} bootstrap.kure.io/operator- -n {{ .Release.Namespace }}
{{- else if and $isFound (not $isOwn) (eq .Values.operator.scope "release") -}}
An operator of the whole cluster, if there is one, finds this release by its Secret. Say that it has one of its own:

  kubectl annotate secret {{ $name }} bootstrap.kure.io/operator=own -n {{ .Release.Namespace }}
{{- end }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.operator.validate" -}}
{{- $operator := .Values.operator }}
{{- if and (ne $operator.scope "release") $operator.extraWorkloads }}
{{- fail (printf "operator.extraWorkloads adds rights for operator.scope=release: with %s the operator may restart every workload of the cluster, so leave operator.extraWorkloads empty." $operator.scope) }}
{{- end }}
{{- $sources := list (include "kure-monitor.bootstrap.secretName" .) (include "kure-monitor.encryption.secretName" .) }}
{{- $keyring := include "kure-monitor.keyring.secretName" . }}
{{- if and $operator.enabled (lt (append $sources $keyring | uniq | len) 3) }}
{{- fail (printf "bootstrap.existingSecret and security.existingSecret: the operator needs the tokens and the encryption key in two Secrets, neither of them its own, %s, and these are %s: name another one." $keyring (join " and " $sources)) }}
{{- end }}
{{- with .Values.bootstrap.existingSecret }}
{{- $own := include "kure-monitor.objectName" (list $ "bootstrap") }}
{{- $keys := $.Values.bootstrap.existingSecretKeys }}
{{- if and (ne $operator.scope "release") (ne (join " " (list . $keys.serviceToken $keys.sessionSecret)) (printf "%s service-token session-secret" $own)) }}
{{- fail (printf "bootstrap.existingSecret: with operator.scope=%s the operator finds Secrets by their names, so make this one as %s with the keys service-token and session-secret." $operator.scope $own) }}
{{- end }}
{{- end }}
{{- range $operator.extraWorkloads }}
{{- if not (regexMatch "^(deployment|daemonset|statefulset)/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" .) }}
{{- fail (printf "operator.extraWorkloads: %q must be deployment/<name>, daemonset/<name> or statefulset/<name>." .) }}
{{- end }}
{{- end }}
{{- end }}
