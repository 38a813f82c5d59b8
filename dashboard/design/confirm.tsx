import { useMutation } from '@tanstack/react-query';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Failed } from './states.tsx';

interface ConfirmProps {
  readonly title: string;
  /** What will happen, in a sentence. */
  readonly children: string;
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, children, action, onConfirm, onClose }: ConfirmProps) {
  const work = useMutation({ mutationFn: onConfirm, onSuccess: onClose });
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger" isBusy={work.isPending} onClick={() => work.mutate()}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <p>{children}</p>
      {work.isError && <Failed error={work.error} />}
    </Dialog>
  );
}
