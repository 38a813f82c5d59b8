import { Markdown, type MarkdownToJSX } from 'markdown-to-jsx/react';

/** What a language model writes decides about words alone: no HTML, no picture from elsewhere, no heading of the page. */
const options: MarkdownToJSX.Options = {
  disableParsingRawHTML: true,
  forceBlock: true,
  overrides: {
    a: { props: { target: '_blank', rel: 'noreferrer' } },
    img: ({ alt }: { readonly alt?: string }) => alt,
    ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((heading) => [heading, 'strong'])),
  },
};

export default function RenderedMarkdown({ text }: { readonly text: string }) {
  return <Markdown options={options}>{text}</Markdown>;
}
