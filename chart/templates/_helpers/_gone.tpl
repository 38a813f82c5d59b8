{{/* Refuses values of other versions: files/gone.yaml says what takes their place. */}}
{{- define "kure-monitor.gone.validate" -}}
{{- range $path, $instead := .Files.Get "files/gone.yaml" | fromYaml }}
{{- $node := $.Values }}
{{- range splitList "." $path }}
{{- $node = ternary (get (kindIs "map" $node | ternary $node dict) .) nil (kindIs "map" $node) }}
{{- end }}
{{- if not (or (kindIs "invalid" $node) (and (kindIs "string" $node) (not $node))) }}
{{- fail (printf "The value %s is gone: %s (see docs/migrating-2.2-to-2.3.md)." $path $instead) }}
{{- end }}
{{- end }}
{{- range .Values.ingress.hosts }}
{{- if kindIs "map" . }}
{{- fail (printf "ingress.hosts: write the name alone (%q): all paths lead to the frontend, or to the backend where there is none (see docs/migrating-2.2-to-2.3.md)." (.host | default "kure.example")) }}
{{- end }}
{{- end }}
{{- range .Values.backend.extraEnv }}
{{- if eq .name "AUTH_API_KEY" }}
{{- fail "backend.extraEnv: AUTH_API_KEY has no effect since 2.3, where people have accounts: leave it out (see docs/migrating-2.2-to-2.3.md)." }}
{{- end }}
{{- end }}
{{- end }}
