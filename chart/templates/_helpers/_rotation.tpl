{{/* True where credentials rotate by the clock, else empty. */}}
{{- define "kure-monitor.rotation.isScheduled" -}}
{{- if .Values.rotation.schedule }}true{{ end }}
{{- end }}

{{/* One field of a schedule, as a pattern: what one of its values may be. */}}
{{- define "kure-monitor.rotation.field" -}}
{{- $range := printf "(\\*|\\?|(%s)(-(%s))?)(/[1-9][0-9]*)?" . . }}
{{- printf "%s(,%s)*" $range $range }}
{{- end }}

{{/* What Kubernetes takes as a schedule, as a pattern. */}}
{{- define "kure-monitor.rotation.schedulePattern" -}}
{{- $minute := include "kure-monitor.rotation.field" "[0-5]?[0-9]" }}
{{- $hour := include "kure-monitor.rotation.field" "[01]?[0-9]|2[0-3]" }}
{{- $day := include "kure-monitor.rotation.field" "0?[1-9]|[12][0-9]|3[01]" }}
{{- $month := include "kure-monitor.rotation.field" "0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec" }}
{{- $weekday := include "kure-monitor.rotation.field" "[0-6]|sun|mon|tue|wed|thu|fri|sat" }}
{{- $fields := join "[ \\t]+" (list $minute $hour $day $month $weekday) }}
{{- printf "(?i)^(%s|@(yearly|annually|monthly|weekly|daily|midnight|hourly))$" $fields }}
{{- end }}

{{/* Refuses what cannot work. */}}
{{- define "kure-monitor.rotation.validate" -}}
{{- $rotation := .Values.rotation }}
{{- if include "kure-monitor.rotation.isScheduled" . }}
{{- if not (regexMatch (include "kure-monitor.rotation.schedulePattern" .) $rotation.schedule) }}
{{- fail (printf "rotation.schedule: %q must be five fields (minute, hour, day, month, weekday), such as \"0 3 1 * *\", or one of @yearly, @monthly, @weekly, @daily, @hourly." $rotation.schedule) }}
{{- end }}
{{- if eq $rotation.timeZone "Local" }}
{{- fail "rotation.timeZone: Kubernetes takes no time zone Local: name one, such as Europe/Berlin, or leave rotation.timeZone empty." }}
{{- end }}
{{- if not .Values.operator.enabled }}
{{- fail "rotation.schedule needs the operator, which restarts what reads a new value: set operator.enabled=true, or leave rotation.schedule empty." }}
{{- end }}
{{- if and .Values.bootstrap.existingSecret (ne (join "" $rotation.keys) "encryption-key") }}
{{- fail (printf "rotation.schedule cannot write %s, which belongs to somebody else (bootstrap.existingSecret): rotate it at its source, and leave rotation.schedule empty." .Values.bootstrap.existingSecret) }}
{{- end }}
{{- if has "encryption-key" $rotation.keys }}
{{- with .Values.security.existingSecret }}
{{- fail (printf "rotation.keys has encryption-key in it, and %s belongs to somebody else (security.existingSecret): rotate it at its source, and leave encryption-key out of rotation.keys." .) }}
{{- end }}
{{- if .Values.security.encryptionKey }}
{{- fail "rotation.keys has encryption-key in it, and security.encryptionKey gives that key, so every upgrade after its rotation would be refused: leave security.encryptionKey empty, which keeps the key that the release has, or encryption-key out of rotation.keys." }}
{{- end }}
{{- if include "kure-monitor.upstream.runs" . }}
{{- fail "rotation.keys has encryption-key in it, and Kure Monitor's own backend (programs=upstream) reads with one key only, so a new one would be put back: leave encryption-key out of rotation.keys." }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
