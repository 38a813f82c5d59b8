{{/* registry/repository:tag@digest: list root image. */}}
{{- define "kure-monitor.image" -}}
{{- $root := first . }}
{{- with last . }}
{{- $registry := $root.Values.global.imageRegistry | default .registry }}
{{- $image := printf "%s:%s" .repository (.tag | default $root.Chart.AppVersion) }}
{{- with $registry }}{{ $image = printf "%s/%s" (trimSuffix "/" .) $image }}{{ end }}
{{- with .digest }}{{ $image = printf "%s@%s" $image . }}{{ end }}
{{- $image }}
{{- end }}
{{- end }}

{{/* Pull secrets may be given as names or as maps, for all charts of a release or for this one. */}}
{{- define "kure-monitor.imagePullSecrets" -}}
{{- $secrets := list }}
{{- range concat (.Values.global.imagePullSecrets | default list) (.Values.imagePullSecrets | default list) }}
{{- if kindIs "string" . }}
{{- $secrets = append $secrets (dict "name" .) }}
{{- else }}
{{- $secrets = append $secrets . }}
{{- end }}
{{- end }}
{{- with $secrets | uniq -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
