{{/* Refuses a Secret without the key that is read from it; one that is not there yet may come later: list root value name key. */}}
{{- define "kure-monitor.existingSecret.validate" -}}
{{- $value := index . 1 }}
{{- $key := index . 3 }}
{{- with index . 2 }}
{{- $data := (lookup "v1" "Secret" (first $).Release.Namespace .).data }}
{{- if and $data (not (get $data $key)) }}
{{- fail (printf "The Secret %s (%s) has no key %q: add it there, or name another Secret." . $value $key) }}
{{- end }}
{{- end }}
{{- end }}
