import { Page } from '../design/page.tsx';
import { NameList } from './name-list.tsx';

export default function SuppressionsPage() {
  return (
    <Page title="Suppressions" lead="What agent and scanner leave alone, and the registries they trust.">
      <NameList title="Excluded namespaces" path="excluded-namespaces" field="namespace" label="Namespace" />
      <NameList title="Excluded pods" path="excluded-pods" field="pod_name" label="Pod name" />
      <NameList title="Excluded rules" path="excluded-rules" field="rule_title" label="Rule title" />
      <NameList title="Trusted registries" path="trusted-registries" field="registry" label="Registry" />
    </Page>
  );
}
