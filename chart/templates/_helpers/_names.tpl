{{/* The product's name, for labels. */}}
{{- define "kure-monitor.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What every object's name begins with. */}}
{{- define "kure-monitor.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride }}
{{- end }}

{{/*
What the names of all objects have in common. A CronJob and, for a label of its pods, a StatefulSet
may have 52 characters, `-postgresql` among them (kubernetes/kubernetes#64023); what must be cut gets
a digest of the whole, so that no two releases meet.
*/}}
{{- define "kure-monitor.base" -}}
{{- $base := include "kure-monitor.fullname" . }}
{{- if gt (len $base) 41 }}
{{- $base = printf "%s-%s" (trunc 32 $base | trimAll "-") (sha256sum $base | trunc 8) }}
{{- end }}
{{- $base }}
{{- end }}

{{/* The name of one object: list root suffix. */}}
{{- define "kure-monitor.objectName" -}}
{{- printf "%s-%s" (include "kure-monitor.base" (first .)) (last .) }}
{{- end }}

{{/* The name of an object that belongs to no namespace: a colon is in no other name, so this one is the only one. */}}
{{- define "kure-monitor.clusterObjectName" -}}
{{- printf "%s:%s" (first .).Release.Namespace (include "kure-monitor.objectName" .) }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.names.validate" -}}
{{- $name := include "kure-monitor.fullname" . }}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) }}
{{- fail (printf "No Service can be named after %q: choose a release name (or fullnameOverride) of lower-case letters, digits and hyphens that begins with a letter and does not end with a hyphen." $name) }}
{{- end }}
{{- end }}
