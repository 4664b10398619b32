/**
 * A Linux initramfs: a cpio archive of the `newc` form, gzipped. Source: the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
import { gzipSync } from "node:zlib";

export interface ArchiveFile {
  /** Path in the archive, without a leading slash; its folders are made. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

const FOLDER_MODE = 0o040755;
const PROGRAM_MODE = 0o100755;
const FILE_MODE = 0o100644;
const LAST_ENTRY = "TRAILER!!!";

/** The archive with these files, and all folders on their paths. */
export function initramfs(files: readonly ArchiveFile[]): Buffer {
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const none = new Uint8Array();
  const entries: [path: string, mode: number, bytes: Uint8Array][] = [
    ...[...folders].map((path): [string, number, Uint8Array] => [path, FOLDER_MODE, none]),
    ...files.map(({ path, bytes, executable }): [string, number, Uint8Array] => [
      path,
      executable ? PROGRAM_MODE : FILE_MODE,
      bytes,
    ]),
    [LAST_ENTRY, 0, none],
  ];
  return gzipSync(Buffer.concat(entries.flatMap(([path, mode, bytes], index) => entry(index + 1, path, mode, bytes))), {
    level: 1,
  });
}

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function entry(inode: number, path: string, mode: number, bytes: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
  const fields = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`);
  return [header, name, padding(header.length + name.length), bytes, padding(bytes.length)];
}

/** Names and contents end at multiples of 4 bytes. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
