import { useState } from 'react';
import { Button } from 'react-aria-components';

interface CopyProps {
  /** What is copied, asked for when it is wanted: a payload is not written out before. */
  readonly text: () => string;
  readonly label: string;
  readonly className?: string;
}

/** Copies a text. Over plain http from another machine a browser has no clipboard for pages: the button is not there then. */
export function CopyButton({ text, label, className = 'button' }: CopyProps) {
  const [copied, setCopied] = useState<string>();
  if (navigator.clipboard === undefined) return null;
  const copy = async (): Promise<void> => {
    const wanted = text();
    await navigator.clipboard.writeText(wanted);
    setCopied(wanted);
  };
  return (
    <Button className={className} onPress={() => void copy()}>
      {copied !== undefined && copied === text() ? 'Copied' : label}
    </Button>
  );
}
