import { CopyButton, Verbatim } from '../design/detail.tsx';
import { Dialog } from '../design/dialog.tsx';

export function LinkDialog({ link, onClose }: { readonly link: string; readonly onClose: () => void }) {
  return (
    <Dialog title="Hand over this link" onClose={onClose} footer={<CopyButton text={link} label="Copy link" kind="primary" />}>
      <p>It can be used once, and is shown only now. Whoever has it gets in.</p>
      <Verbatim label="Link" text={link} isWrapped />
    </Dialog>
  );
}
