using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>
/// The versions of a kind, and how objects come from one to another: by way of one of them, the hub (best the one that is stored).
/// <code>
/// var crons = Conversion.Hub&lt;ChaosCron&gt;().Spoke&lt;V1Beta1.ChaosCron&gt;(toHub, fromHub);
/// </code>
/// The functions deal with what is in the objects (spec, status...); metadata is carried over. What a version cannot say is not lost: it is kept in an annotation, and comes back in the version that can say it,
/// with the changes that were made meanwhile.
/// </summary>
public abstract class Conversion
{
    private readonly SortedDictionary<string, Form> forms = new(StringComparer.Ordinal);

    private protected Conversion(Form hub)
    {
        HubInfo = hub.Info;
        forms[hub.Info.Version] = hub;
    }

    /// <summary>The version through which all others are converted.</summary>
    public KindInfo HubInfo { get; }

    /// <summary>The other versions, in the order of their names.</summary>
    public IReadOnlyList<KindInfo> Spokes => [.. forms.Values.Select(f => f.Info).Where(i => i.Version != HubInfo.Version)];

    /// <summary>Begins with the hub, and nothing else yet.</summary>
    public static Conversion<THub> Hub<THub>() where THub : class, IKind<THub> => new();

    /// <summary>One version of the kind.</summary>
    /// <param name="Info">Its name and schema.</param>
    /// <param name="Own">An object's content in the form in which this version writes it.</param>
    /// <param name="ToHub">The content that the hub makes of an object of this version.</param>
    /// <param name="FromHub">The content that this version makes of an object of the hub's.</param>
    private protected sealed record Form(KindInfo Info, Func<JsonObject, JsonObject> Own, Func<JsonObject, JsonObject> ToHub, Func<JsonObject, JsonObject> FromHub);

    private protected void Add(Form spoke)
    {
        if (spoke.Info.Group != HubInfo.Group || spoke.Info.Kind != HubInfo.Kind) throw new ArgumentException($"{spoke.Info.GroupVersionKind} is no other version of {HubInfo.GroupVersionKind}");
        if (!forms.TryAdd(spoke.Info.Version, spoke)) throw new ArgumentException($"duplicate spoke converter for version {spoke.Info.Version}");
    }

    /// <summary>The annotation that holds what an object was in a version.</summary>
    public static string AnnotationOf(KindInfo version) => $"conversion.{version.Group}/{version.Version}";

    /// <summary>The object in another version: a new one. Throws <see cref="ConversionException"/> where it cannot be, in the words of controller-runtime.</summary>
    public JsonObject Convert(JsonObject obj, string apiVersion)
    {
        var (fromName, toName) = (NameOf(obj["apiVersion"]?.ToString() ?? ""), NameOf(apiVersion));
        if (fromName == toName) throw new ConversionException($"conversion is not allowed between same type {fromName}");
        if (FormOf(fromName) is not { } from || FormOf(toName) is not { } to) throw new ConversionException($"failed to convert {fromName} to {toName}: not convertible");
        var hub = forms[HubInfo.Version];
        if (from == hub) return Carry(obj, from, to, to.FromHub, to.ToHub);
        if (to == hub) return Carry(obj, from, to, from.ToHub, from.FromHub);
        var between = Step(() => Carry(obj, from, hub, from.ToHub, from.FromHub), $"failed to convert spoke {fromName} to hub {HubInfo.GroupVersionKind} : ");
        return Step(() => Carry(between, hub, to, to.FromHub, to.ToHub), $"failed to convert hub {HubInfo.GroupVersionKind} to spoke {toName} : ");
    }

    private GroupVersionKind NameOf(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return new(slash < 0 ? "" : apiVersion[..slash], apiVersion[(slash + 1)..], HubInfo.Kind);
    }

    private Form? FormOf(GroupVersionKind name) => name.Group == HubInfo.Group ? forms.GetValueOrDefault(name.Version) : null;

    private static JsonObject Step(Func<JsonObject> convert, string words)
    {
        try
        {
            return convert();
        }
        catch (ConversionException e)
        {
            throw new ConversionException(words + e.Message);
        }
    }

    /// <summary>
    /// 1. Convert. 2. Where it is known what the object was in the other version, take that, with the changes that were made since to what this version can say of it.
    /// 3. What the other version cannot say is remembered.
    /// </summary>
    private static JsonObject Carry(JsonObject obj, Form from, Form to, Func<JsonObject, JsonObject> there, Func<JsonObject, JsonObject> back)
    {
        var metadata = obj["metadata"] as JsonObject ?? [];
        var content = there(obj);                                                                                           // 1
        if (Remembered(metadata, to) is { } before && Restore(before) is { } whole) content = whole;                        // 2
        var annotations = metadata["annotations"]?.DeepClone() as JsonObject ?? [];
        annotations.Remove(AnnotationOf(to.Info));
        annotations.Remove(AnnotationOf(from.Info));
        var own = from.Own(obj);
        if (!JsonNode.DeepEquals(Back(content), own)) annotations[AnnotationOf(from.Info)] = System.Text.Encoding.UTF8.GetString(JsonText.ToBytes(own));   // 3
        return Made(to.Info, metadata, annotations, content);

        JsonObject Back(JsonObject part) => back(Made(to.Info, metadata, null, part));

        JsonObject? Restore(JsonObject remembered)
        {
            try
            {
                var alone = there(Made(from.Info, metadata, null, Back(remembered)));
                if (MergePatch.Apply(remembered, MergePatch.Create(alone, content)).Document is not JsonObject changed) return null;
                var restored = to.Own(Made(to.Info, metadata, null, changed));
                // What is put back must change nothing of what the object says now.
                return JsonNode.DeepEquals(Back(restored), Back(content)) ? restored : null;
            }
            catch (ConversionException)
            {
                return null;
            }
        }
    }

    // An annotation may hold anything by now.
    private static JsonObject? Remembered(JsonObject metadata, Form version)
    {
        if ((metadata["annotations"] as JsonObject)?[AnnotationOf(version.Info)] is not JsonValue value || !value.TryGetValue<string>(out var text)) return null;
        return Decoder.DecodeTree(System.Text.Encoding.UTF8.GetBytes(text)).Value as JsonObject;
    }

    /// <summary>An object of its parts; with the annotations given, or as they are.</summary>
    private static JsonObject Made(KindInfo version, JsonObject metadata, JsonObject? annotations, JsonObject content)
    {
        var own = (JsonObject)metadata.DeepClone();
        if (annotations is { Count: > 0 }) own["annotations"] = annotations;
        else if (annotations is not null) own.Remove("annotations");
        var made = new JsonObject { ["apiVersion"] = version.ApiVersion, ["kind"] = version.Kind, ["metadata"] = own };
        foreach (var (name, value) in content)
            if (name is not ("apiVersion" or "kind" or "metadata")) made[name] = value?.DeepClone();
        return made;
    }
}

/// <summary>The versions of a kind whose hub is known when compiling.</summary>
public sealed class Conversion<THub> : Conversion where THub : class, IKind<THub>
{
    internal Conversion() : base(new(THub.Info, static obj => Content(Read<THub>(obj)), static obj => obj, static obj => obj)) { }

    /// <summary>Adds a version. The functions throw <see cref="ConversionException"/> for an object that cannot be; they need not deal with metadata, nor with what they cannot say.</summary>
    /// <param name="toHub">Makes the hub's form of this version's.</param>
    /// <param name="fromHub">Makes this version's form of the hub's.</param>
    public Conversion<THub> Spoke<TSpoke>(Func<TSpoke, THub> toHub, Func<THub, TSpoke> fromHub) where TSpoke : class, IKind<TSpoke>
    {
        Add(new(TSpoke.Info, static obj => Content(Read<TSpoke>(obj)), obj => Content(toHub(Read<TSpoke>(obj))), obj => Content(fromHub(Read<THub>(obj)))));
        return this;
    }

    /// <summary>An object in another version, as the webhook would convert it.</summary>
    public TTo Convert<TFrom, TTo>(TFrom obj) where TFrom : class, IKind<TFrom> where TTo : class, IKind<TTo> => Read<TTo>(Convert((JsonObject)ApiJson.ParseTree(ApiJson.ToBytes(obj))!, TTo.Info.ApiVersion));

    private static T Read<T>(JsonObject obj) where T : class, IKind<T>
    {
        try
        {
            return ApiJson.Parse<T>(JsonText.ToBytes(obj));
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or InvalidOperationException)
        {
            throw new ConversionException($"{T.Info.GroupVersionKind}: {e.Message}");
        }
    }

    private static JsonObject Content<T>(T obj) where T : class, IKind<T>
    {
        var tree = (JsonObject)ApiJson.ParseTree(ApiJson.ToBytes(obj))!;
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind", "metadata"]) tree.Remove(name);
        return tree;
    }
}

/// <summary>An object cannot be converted; the message is told to whoever asked for it.</summary>
public sealed class ConversionException(string message) : Exception(message);
