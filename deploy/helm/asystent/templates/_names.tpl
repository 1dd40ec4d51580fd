{{- define "asystent.labels" -}}
app.kubernetes.io/name: asystent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "asystent.redis" -}}
{{- if .Values.redis.enabled -}}
{{- $name := printf "%s-sentinel" .Release.Name -}}
redis+sentinel://:$(REDIS_PASSWORD)@{{ $name }}-0.{{ $name }}:26379,{{ $name }}-1.{{ $name }}:26379,{{ $name }}-2.{{ $name }}:26379/mymaster/0
{{- else -}}
{{- required "redis.url is needed when redis.enabled is false" .Values.redis.url -}}
{{- end -}}
{{- end -}}

{{- define "asystent.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
seccompProfile: {type: RuntimeDefault}
{{- end -}}
