using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>How a JSON value is written as a field of a protobuf message.</summary>
internal abstract class WireType
{
    public abstract void Write(ProtobufWriter buffer, int field, JsonElement value);

    public static WireType Text { get; } = new Scalar(static (buffer, field, value) => buffer.Text(field, value.GetString()!));

    public static WireType Flag { get; } = new Scalar(static (buffer, field, value) => buffer.Integer(field, value.GetBoolean() ? 1 : 0));

    public static WireType Whole { get; } = new Scalar(static (buffer, field, value) => buffer.Integer(field, value.GetInt64()));

    public static WireType Real { get; } = new Scalar(static (buffer, field, value) => buffer.Double(field, value.GetDouble()));

    /// <summary>Anything, as YAML text in a message. JSON is YAML.</summary>
    public static WireType Any { get; } = new Scalar(static (buffer, field, value) =>
    {
        var start = buffer.Begin(field);
        buffer.Text(2, value.GetRawText() + "\n");
        buffer.End(start);
    });

    private sealed class Scalar(Action<ProtobufWriter, int, JsonElement> write) : WireType
    {
        public override void Write(ProtobufWriter buffer, int field, JsonElement value) => write(buffer, field, value);
    }
}

/// <summary>An object with known keys: each is a field.</summary>
internal sealed class WireMessage : WireType
{
    private readonly Dictionary<string, (int Number, WireType Type, bool Repeated)> _fields = new(StringComparer.Ordinal);
    private (int Number, WireType Type)? _others;
    private int? _extensions;

    public WireMessage Field(string name, int number, WireType type)
    {
        _fields.Add(name, (number, type, false));
        return this;
    }

    /// <summary>A list of values, each written by itself.</summary>
    public WireMessage List(string name, int number, WireType type)
    {
        _fields.Add(name, (number, type, true));
        return this;
    }

    /// <summary>Keys that are not known are names of values of this type, each pair a message: a map.</summary>
    public WireMessage Others(int number, WireType type)
    {
        _others = (number, type);
        return this;
    }

    /// <summary>The field of keys that begin with "x-".</summary>
    public WireMessage Extensions(int number)
    {
        _extensions = number;
        return this;
    }

    public override void Write(ProtobufWriter buffer, int field, JsonElement value)
    {
        var start = buffer.Begin(field);
        Content(buffer, value);
        buffer.End(start);
    }

    public void Content(ProtobufWriter buffer, JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (_fields.TryGetValue(property.Name, out var known))
            {
                if (!known.Repeated) known.Type.Write(buffer, known.Number, property.Value);
                else foreach (var item in property.Value.EnumerateArray()) known.Type.Write(buffer, known.Number, item);
            }
            else if (_extensions is { } extensions && property.Name.StartsWith("x-", StringComparison.Ordinal)) Named(buffer, extensions, Any, property);
            else if (_others is { } others) Named(buffer, others.Number, others.Type, property);
            else throw new InvalidOperationException($"gnostic has no field for \"{property.Name}\"");
        }
    }

    private static void Named(ProtobufWriter buffer, int field, WireType type, JsonProperty property)
    {
        var start = buffer.Begin(field);
        buffer.Text(1, property.Name);
        type.Write(buffer, 2, property.Value);
        buffer.End(start);
    }
}

/// <summary>A message around one of several types: which one is seen by the value.</summary>
internal sealed class WireChoice(Func<JsonElement, (int Number, WireType Type)> choose) : WireType
{
    public override void Write(ProtobufWriter buffer, int field, JsonElement value)
    {
        var (number, type) = choose(value);
        var start = buffer.Begin(field);
        type.Write(buffer, number, value);
        buffer.End(start);
    }

    public static bool IsReference(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$ref", out _);
}

/// <summary>A message around a list, or around a single value that stands for a list of one.</summary>
internal sealed class WireBox(Func<WireType> type) : WireType
{
    public override void Write(ProtobufWriter buffer, int field, JsonElement value)
    {
        var start = buffer.Begin(field);
        if (value.ValueKind != JsonValueKind.Array) type().Write(buffer, 1, value);
        else foreach (var item in value.EnumerateArray()) type().Write(buffer, 1, item);
        buffer.End(start);
    }
}
