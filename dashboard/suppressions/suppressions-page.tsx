import { Columns, Page } from '../design/page.tsx';
import { NameList } from './name-list.tsx';

export default function SuppressionsPage() {
  return (
    <Page title="Suppressions" lead="What agent and scanner leave alone, and the registries they trust.">
      <Columns count={2}>
        <NameList title="Excluded namespaces" lead="No finding in them is kept." path="excluded-namespaces" field="namespace" label="Namespace" candidates="namespaces" />
        <NameList title="Excluded pods" lead="Their failures are not reported." path="excluded-pods" field="pod_name" label="Pod name" candidates="monitored-pods" />
        <NameList title="Excluded rules" lead="The scanner skips them, everywhere or in one namespace." path="excluded-rules" field="rule_title" label="Rule title" candidates="rule-titles" />
        <NameList title="Trusted registries" lead="Images from these hosts are no finding." path="trusted-registries" field="registry" label="Registry" />
      </Columns>
    </Page>
  );
}
