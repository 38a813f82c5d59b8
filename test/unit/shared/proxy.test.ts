import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../shared/kube/proxy.ts';

const proxy = 'http://proxy.example.org:3128';
const isDirect = (server: string, except: string) => proxyFor(new URL(server), { HTTPS_PROXY: proxy, NO_PROXY: except }) === undefined;

it.each([
  ['https://api.example.org', { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other' }, proxy],
  ['http://api.example.org', { HTTPS_PROXY: 'http://other', HTTP_PROXY: proxy }, proxy],
  ['https://api.example.org', { https_proxy: proxy }, proxy],
  ['https://api.example.org', { HTTPS_PROXY: 'proxy.example.org:3128' }, proxy],
  ['https://api.example.org', { HTTPS_PROXY: '' }, undefined],
  ['https://api.example.org', { HTTPS_PROXY: proxy, no_proxy: 'example.org' }, undefined],
  ['https://api.example.org', {}, undefined],
])('%s with %j is reached through %s', (server, env, expected) => {
  expect(proxyFor(new URL(server), env)).toBe(expected);
});

it.each(['https://localhost:6443', 'https://127.0.0.1:6443', 'https://127.8.0.1', 'https://[::1]:6443'])('this machine never: %s', (server) => {
  expect(isDirect(server, '')).toBe(true);
});

describe('an exception', () => {
  it.each([
    ['*', 'https://api.example.org'],
    ['other.org, Example.org', 'https://api.example.org'],
    ['example.org', 'https://example.org'],
    ['.example.org', 'https://api.example.org'],
    ['*.example.org', 'https://api.example.org'],
    ['api.example.org:6443', 'https://api.example.org:6443'],
    ['api.example.org:443', 'https://api.example.org'],
    ['10.1.2.3', 'https://10.1.2.3:6443'],
    ['10.1.2.3:6443', 'https://10.1.2.3:6443'],
    ['10.0.0.0/8', 'https://10.1.2.3:6443'],
    ['fd00::/8', 'https://[fd00::1]:6443'],
    ['fd00::1', 'https://[fd00::1]:6443'],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443'],
  ])('%s is of %s', (except, server) => {
    expect(isDirect(server, except)).toBe(true);
  });

  it.each([
    ['', 'https://api.example.org'],
    ['.api.example.org', 'https://api.example.org'],
    ['ample.org', 'https://example.org'],
    ['api.example.org:443', 'https://api.example.org:6443'],
    ['10.1.2.3:443', 'https://10.1.2.3:6443'],
    ['10.0.0.0/16', 'https://10.1.2.3:6443'],
    ['10.0.0.0/99, /8, x/8, 10.0.0.0/', 'https://10.1.2.3:6443'],
    ['2.3', 'https://10.1.2.3:6443'],
    ['fd00::/8', 'https://10.1.2.3:6443'],
  ])('%s is not of %s', (except, server) => {
    expect(isDirect(server, except)).toBe(false);
  });
});
