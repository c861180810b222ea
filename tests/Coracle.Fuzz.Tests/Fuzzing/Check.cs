namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>What a target says when a decoder did not throw, but gave what it must not.</summary>
internal sealed class UnsoundException(string message) : Exception(message);

internal static class Sound
{
    public static void True(bool holds, string guarantee)
    {
        if (!holds) throw new UnsoundException(guarantee);
    }

    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string guarantee)
    {
        if (!expected.SequenceEqual(actual)) throw new UnsoundException(guarantee);
    }
}
