using System.Globalization;
using System.Text;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>A text that a decoder did not stand.</summary>
internal sealed record Finding(FuzzTarget Target, int Seed, long Iteration, Seed Input, string What)
{
    /// <summary>What findings are the same by: what happened, and where in our code.</summary>
    public static string Describe(Exception e)
    {
        if (e is UnsoundException) return e.Message;
        var ours = (e.StackTrace ?? "").Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("Coracle.", StringComparison.Ordinal) && !line.Contains("Coracle.Fuzz", StringComparison.Ordinal)) ?? "";
        return $"{e.GetType().Name} {ours}";
    }

    /// <summary>What to say to see it again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"CORACLE_FUZZ_REPLAY={Target.Name}:{Seed}:{Iteration}");

    public override string ToString()
    {
        var text = Encoding.UTF8.GetString(Input.Bytes);
        return $"{Target.Name} (tag {Input.Tag}): {What}\n  {Replay}\n  as text: {(text.Length > 3000 ? text[..3000] + "..." : text)}\n  in base64: {(Input.Bytes.Length > 3000 ? "(long)" : Convert.ToBase64String(Input.Bytes))}";
    }
}
