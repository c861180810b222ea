using System.Text;

namespace Coracle.Store;

/// <summary>One or several writes that wait for their answer. Continuations never run on the writer.</summary>
internal sealed class Request(ReadOnlyMemory<Write> writes, bool atomic)
    : TaskCompletionSource<WriteResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public ReadOnlySpan<Write> Writes => writes.Span;

    /// <summary>A lone write may be ephemeral. Several that belong together are stored together.</summary>
    public bool MayBeEphemeral => !atomic;

    /// <summary>What the caller will be told once the batch is durable.</summary>
    public WriteResult Answer { get; set; }

    /// <summary>What the caller's own code threw instead.</summary>
    public Exception? Failure { get; set; }

    public void Complete()
    {
        if (Failure is not null)
            SetException(Failure);
        else
            SetResult(Answer);
    }

    public static Request Single(in Write write)
    {
        CheckKey(write.Key);
        return new(new[] { write }, atomic: false);
    }

    public static Request Atomic(ReadOnlyMemory<Write> writes)
    {
        if (writes.IsEmpty)
            throw new ArgumentException("There is nothing to write.", nameof(writes));
        var keys = new HashSet<string>(writes.Length, StringComparer.Ordinal);
        foreach (var write in writes.Span)
        {
            CheckKey(write.Key);
            if (!keys.Add(write.Key))
                throw new ArgumentException($"Two writes of the key {write.Key}.", nameof(writes));
        }

        return new(writes.ToArray(), atomic: true);
    }

    /// <summary>A key that UTF-8 cannot carry would come back from disk as another key.</summary>
    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        StrictUtf8.GetByteCount(key);
    }
}
