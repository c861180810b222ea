using System.Buffers;
using System.IO.Pipelines;

namespace Coracle.Node.Streaming;

internal static class PipeReading
{
    /// <summary>Reads what is there, or waits for something; 0 is the end.</summary>
    public static async ValueTask<int> Read(PipeReader reader, Memory<byte> into, CancellationToken cancel)
    {
        if (into.IsEmpty)
            return 0;
        try
        {
            var result = await reader.ReadAsync(cancel);
            if (result.IsCanceled)
                throw new IOException("the stream was broken off");
            var length = (int)Math.Min(result.Buffer.Length, into.Length);
            result.Buffer.Slice(0, length).CopyTo(into.Span);
            reader.AdvanceTo(result.Buffer.GetPosition(length));
            return length;
        }
        catch (InvalidOperationException e)
        {
            throw new IOException("the stream is closed", e); // the reader was completed meanwhile, by Abort or Dispose
        }
    }
}
