namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>A text to begin from. The tag tells the target what it is meant to be: which kind, which request.</summary>
internal sealed record Seed(int Tag, byte[] Bytes);

/// <summary>What a text is made of, so that it is changed in places where that means something.</summary>
internal enum Shape
{
    Text,
    Json,
    Protobuf,
    Der,

    /// <summary>Three parts in base64url between dots, the first two JSON.</summary>
    Token,
}

/// <summary>One decoder. Whatever <paramref name="Run"/> throws is a finding, and so is what takes too long or too much.</summary>
/// <param name="Name">As it is asked for: "json", "spdy".</param>
/// <param name="Corpus">What to begin from; the same in each run, or seeds would not replay.</param>
/// <param name="Run">Decodes a text, and does with the result what the product does.</param>
internal sealed record FuzzTarget(string Name, Func<IReadOnlyList<Seed>> Corpus, Action<Seed> Run)
{
    public Shape Shape { get; init; } = Shape.Text;

    /// <summary>Words of the language that is read.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>How many texts a run of the tests tries: fractions of a second.</summary>
    public int Iterations { get; init; } = 400;

    /// <summary>Bytes that may be allocated for a text whatever its length, and for each byte of it.</summary>
    public long AllocatedMax { get; init; } = 24 * 1024 * 1024;
    public long AllocatedPerByte { get; init; } = 4000;

    /// <summary>Whatever is behind the signature or the checksum of a text that was changed: makes it whole again.</summary>
    public Func<Random, Seed, Seed>? Repair { get; init; }

    private IReadOnlyList<Seed>? seeds;
    public IReadOnlyList<Seed> Seeds => seeds ??= Corpus();

    public override string ToString() => Name;
}
