{{/* How nginx serves the pages and passes the rest on: root. */}}
{{- define "kure-monitor.frontend.nginx" -}}
{{- $backend := printf "http://%s:8000" (include "kure-monitor.objectName" (list . "backend")) -}}
# How people reached the proxy in front of this one, if there is one: whether it is believed the backend decides.
map $http_x_forwarded_proto $outer_scheme {
    default $http_x_forwarded_proto;
    ""      $scheme;
}

server {
    listen 8080;

    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
        try_files $uri $uri/ /index.html;
    }

    location /api/ {
        proxy_pass {{ $backend }};
        proxy_set_header Host $http_host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $outer_scheme;
    }

    location /ws {
        proxy_pass {{ $backend }};
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        proxy_set_header Host $http_host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $outer_scheme;
    }
}
{{- end }}
