namespace Coracle.Node.Cri;

/// <summary>A file that another process appends to, line by line, and replaces by a new one of the same name from time to time.</summary>
internal sealed class FollowedFile : IDisposable
{
    /// <summary>Far more than a runtime writes into one line (16 KiB): what is longer is cut.</summary>
    private const int line_bytes_max = 1024 * 1024;
    private const int block_bytes = 64 * 1024;

    private readonly string _path;
    private FileStream _file;
    private byte[] _buffer = new byte[block_bytes];
    private int _start;
    private int _end;
    private bool _hasRead;

    public FollowedFile(string path) => (_path, _file) = (path, Open(path));

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Goes to where the last <paramref name="lines"/> lines begin. An unfinished one at the end does not count.</summary>
    public void SeekToTail(long lines)
    {
        var block = new byte[block_bytes];
        var position = _file.Length;
        var ends = 0L;
        while (position > 0)
        {
            var length = (int)Math.Min(block.Length, position);
            position -= length;
            _file.Position = position;
            _file.ReadExactly(block, 0, length);
            for (var i = length - 1; i >= 0; i--)
            {
                if (block[i] != (byte)'\n' || ends++ < lines)
                    continue;
                _file.Position = position + i + 1;
                return;
            }
        }
        _file.Position = 0;
    }

    /// <summary>The next whole line without its end, valid until the next call; null when there is none yet.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLine(CancellationToken cancel)
    {
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
                return Take(searched + at, andEnd: 1);
            searched = _end - _start;
            if (searched >= line_bytes_max)
                return Take(searched, andEnd: 0);
            if (!await Fill(cancel))
                return null;
        }
    }

    /// <summary>What stands behind the last whole line.</summary>
    public ReadOnlyMemory<byte> TakeUnfinishedLine() => Take(_end - _start, andEnd: 0);

    private ReadOnlyMemory<byte> Take(int length, int andEnd)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + andEnd;
        return line;
    }

    private async ValueTask<bool> Fill(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var got = await _file.ReadAsync(_buffer.AsMemory(_end), cancel);
        _end += got;
        _hasRead |= got > 0;
        return got > 0;
    }

    /// <summary>Whether anything new was read since this was asked last.</summary>
    public bool HasReadSincePause()
    {
        var hasRead = _hasRead;
        _hasRead = false;
        return hasRead;
    }

    /// <summary>
    /// Goes over to the new file when the name has come to mean another one. To be called at the end of the old; what its writer
    /// appended after that and before the new one was begun is read first, with the next call.
    /// </summary>
    public bool SwitchToSuccessor()
    {
        FileStream successor;
        try
        {
            successor = Open(_path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false; // renamed, and the new one not begun
        }
        if (FileIdentity.Of(successor) == FileIdentity.Of(_file))
        {
            successor.Dispose();
            return false;
        }
        if (_file.Length > _file.Position)
        {
            successor.Dispose();
            return true; // there is more of the old one
        }
        _file.Dispose();
        _file = successor;
        (_start, _end) = (0, 0); // an unfinished line of the old file never ends
        return true;
    }

    public void Dispose() => _file.Dispose();
}
