/** What the security scanner reports, and what it gets back (upstream 2.3, names and shapes as they are there). */
import { Type, type Static } from 'typebox';
import { ObjectName } from './object-name.ts';

/** Body of `POST /api/security/findings`. */
export const FindingReport = Type.Object({
  resource_type: ObjectName,
  resource_name: ObjectName,
  /** `cluster-wide` for things without a namespace. */
  namespace: ObjectName,
  severity: Type.String(),
  category: Type.String(),
  title: Type.String({ maxLength: 450, description: 'with the three names in one index' }),
  description: Type.String(),
  remediation: Type.String(),
  timestamp: Type.String(),
  manifest: Type.Optional(Type.String()),
});

export const Finding = Type.Object({
  id: Type.Integer(),
  ...FindingReport.properties,
  manifest: Type.String(),
  dismissed: Type.Boolean(),
});

/** Answer to `GET /api/security/findings/{id}/manifest`. */
export const FindingManifest = Type.Object({
  id: Type.Integer(),
  manifest: Type.String(),
  resource_type: Type.String(),
  resource_name: Type.String(),
  namespace: Type.String(),
  title: Type.String(),
  description: Type.String(),
  remediation: Type.String(),
  severity: Type.String(),
});

const FixLine = Type.Object({ content: Type.String(), type: Type.Enum(['unchanged', 'added', 'removed']) });

/** Answer to `POST /api/security/findings/{id}/fix`. Values that a model does not get are left out of both manifests. */
export const FindingFix = Type.Object({
  finding_id: Type.Integer(),
  original_manifest: Type.String(),
  fixed_manifest: Type.String(),
  diff: Type.Array(FixLine),
  explanation: Type.String(),
  is_fallback: Type.Boolean({ description: 'no model has proposed anything; the explanation is the scanner\'s remediation' }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'why it is the fallback' }),
});

/** The resource in the path of `DELETE /api/security/findings/resource/{type}/{namespace}/{name}`. */
export const ResourceName = Type.Object({ type: Type.String(), namespace: Type.String(), name: Type.String() });

export const DeletedFindings = Type.Object({ message: Type.String(), count: Type.Integer() });

/** Body of `POST /api/security/rescan-status`. */
export const RescanStatus = Type.Object({
  status: Type.Enum(['started', 'completed']),
  reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

/** Body of `POST /api/metrics/security-scan-duration`. */
export const ScanDuration = Type.Object({ duration_seconds: Type.Number({ minimum: 0 }) });

/** The answer where there is nothing to say but that it was done. */
export const Done = Type.Object({ message: Type.String() });

export type FindingReport = Static<typeof FindingReport>;
export type Finding = Static<typeof Finding>;
export type FixLine = Static<typeof FixLine>;
export type FindingFix = Static<typeof FindingFix>;
export type ResourceName = Static<typeof ResourceName>;
export type RescanStatus = Static<typeof RescanStatus>;
