namespace Coracle.ApiServer.Published.Tests;

/// <summary>One field of a message: "repeated NamedSchema additional_properties = 1;".</summary>
internal sealed record ProtoField(int Number, string Name, string Type, bool Repeated);

/// <summary>Messages in a short notation: a line each, "Name: number name type, ...", a star behind the type of a repeated field.</summary>
internal sealed class ProtoFile
{
    private readonly Dictionary<string, Dictionary<int, ProtoField>> _messages = new(StringComparer.Ordinal);

    public ProtoFile(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, fields) = (line.Split(':')[0], line.Split(':')[1]);
            _messages.Add(name, fields.Split(',', StringSplitOptions.TrimEntries).Select(Parse).ToDictionary(f => f.Number));
        }
    }

    public bool IsMessage(string type) => _messages.ContainsKey(type);

    public ProtoField Field(string message, int number) =>
        _messages[message].TryGetValue(number, out var field) ? field : throw new InvalidDataException($"{message} has no field {number}");

    private static ProtoField Parse(string text)
    {
        var parts = text.Split(' ');
        return new(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts[1], parts[2].TrimEnd('*'), parts[2].EndsWith('*'));
    }
}
