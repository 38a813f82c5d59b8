/** Stands in for a page that fails, so that the rest of the dashboard stays. */
import { Component, type ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { Page } from '../design/page.tsx';
import { Note } from '../design/states.tsx';

interface PageBoundaryProps {
  readonly children: ReactNode;
}

export class PageBoundary extends Component<PageBoundaryProps> {
  static readonly getDerivedStateFromError = () => ({ hasFailed: true });
  override readonly state = { hasFailed: false };

  override render(): ReactNode {
    return this.state.hasFailed ? <Lost /> : this.props.children;
  }
}

const Lost = () => (
  <Page
    title="This page could not be loaded"
    actions={
      <Button kind="primary" onClick={() => location.reload()}>
        Reload the page
      </Button>
    }
  >
    <Note tone="medium">The backend may be away, or have another version than what is open here.</Note>
  </Page>
);
