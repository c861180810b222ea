using System.Text.Json.Nodes;
using Coracle.ApiServer;
using Coracle.Controllers.CronJobs;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Kinds.Batch.V1;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>The small languages: expressions, selectors, quantities, times, paths.</summary>
internal static class TextTargets
{
    private static readonly string[] CelWords =
    [
        "self", "self.list", "self.map", "self.s", "oldSelf", "x", "has(", "size(", ".all(x, ", ".exists(x, ", ".exists_one(x, ", ".map(x, ", ".filter(x, ", ".transformMap(k, v, ", ".transformList(i, v, ", "cel.bind(a, ", ")", "(", "[", "]", "{", "}", "?", ":", ",", ".", ".?", "[?",
        " in ", " && ", " || ", "!", "-", "+", "*", "/", "%", "==", "!=", "<", ">=", "1", "2u", "1.5", "'a'", "b'a'", "r'\\d'", "null", "true", "0x7fffffffffffffff", "9223372036854775807", "duration('1h')", "timestamp('2026-01-01T00:00:00Z')", ".getFullYear()",
        "quantity('1Ki')", "ip('1.2.3.4')", "cidr('::/0')", "semver('1.2.3')", "url('https://a/b')", ".matches('a*')", ".find('a')", ".findAll('.', 2)", ".format([1])", "'%s'", ".split(',')", ".replace('a', 'b')", ".substring(1, 2)", ".join(',')", "sets.contains([1], [2])",
        "optional.of(", ".orValue(", ".hasValue()", "lists.range(100)", "math.greatest(", "format.dns1123Label()", ".value()", ".validate(", "type(", "dyn(", "int(", "uint(", "string(", "bytes(", "double(", "bool(", ".sum()", ".sort()", ".flatten()", ".slice(0, 1)", ".indexOf('a')", ".lowerAscii()", "base64.encode(", "__result__",
    ];

    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes.WithVariable("self", CelType.Dyn).WithVariable("x", CelType.String).WithBindings();

    private static readonly CelValue Self = CelJson.Dynamic(JsonNode.Parse("""{"list":[1,2.5,"a",null,[1],{"b":2}],"map":{"a":1,"b":[1]},"s":"text"}"""));

    /// <summary>What is wrong with the expressions below: nothing.</summary>
    public static List<string> Issues { get; } = [];

    /// <summary>Every function that reads a text.</summary>
    private static readonly (string Text, CelProgram Program)[] Readers =
    [
        .. ((string[])
        [
            "isIP(x) ? string(ip(x).family()) + string(ip(x).isLoopback()) + string(ip.isCanonical(x)) : ''", "ip(x).isGlobalUnicast()", "isCIDR(x) ? string(cidr(x).masked().ip()) : ''", "cidr(x).containsIP('10.0.0.1') || cidr(x).containsCIDR(x)", "cidr(x).prefixLength()",
            "isQuantity(x) ? quantity(x).add(1).asApproximateFloat() : 0.0", "quantity(x).sub(quantity('1m')).compareTo(quantity(x))", "quantity(x).isInteger() && quantity(x).asInteger() > 0", "isSemver(x) && semver(x).major() > 1", "semver(x, true).compareTo(semver('1.2.3-a.1+b'))",
            "isURL(x) ? url(x).getHostname() + url(x).getPort() + url(x).getEscapedPath() + url(x).getScheme() : ''", "url(x).getQuery()", "duration(x).getMilliseconds()", "string(timestamp(x))", "timestamp(x).getDayOfWeek('America/New_York')", "timestamp('2026-01-01T00:00:00Z').getHours(x)", "timestamp(x) + duration('1h')",
            "int(x) + 1", "uint(x)", "double(x)", "bool(x)", "bytes(x).size()", "'some text'.matches(x)", "x.matches('^[a-z]+(-[a-z]+)*$')", "'some text 12'.find(x)", "'a,b;a'.findAll(x)", "x.format([dyn(1), dyn('a'), dyn(2.5), dyn([1]), dyn({'a': 1}), dyn(duration('1s')), dyn(b'x'), dyn(null), dyn(type(1))])", "x.split('a')", "x.split('', 3)",
            "x.replace('a', x, 2)", "x.substring(1)", "x.charAt(1)", "x.indexOf('b', 1)", "x.lastIndexOf('b')", "x.lowerAscii() + x.upperAscii()", "x.trim()", "strings.quote(x)", "[x, 'b', x].sort().join(x)", "sets.equivalent([x], [x])",
            "format.named(x).hasValue()", "format.dns1123Subdomain().validate(x).hasValue()", "format.labelValue().validate(x)", "format.datetime().validate(x)", "format.uri().validate(x)", "format.byte().validate(x)", "x.size() + x.size()", "{x: 1}[x]", "x in [x]",
        ]).Select(text => (text, Compiled: CelProgram.Compile(text, Environment))).Where(Compiles).Select(r => (r.text, r.Compiled.Program!)),
    ];

    private static bool Compiles((string, CelCompilation Compiled) reader)
    {
        if (reader.Compiled.Program is null) Issues.Add(reader.Compiled.IssueText);
        return reader.Compiled.Program is not null;
    }

    public static IEnumerable<FuzzTarget> All =>
    [
        new("cel", () => [.. Corpus.Texts("cel.txt")], Cel) { Words = CelWords, Iterations = 1200 },
        new("cel-text", () => [.. Corpus.Texts("values.txt")], CelText) { Words = Values, Iterations = 250, AllocatedMax = 1 << 30 },
        new("labels", () => [.. Corpus.Texts("selectors.txt")], Labels) { Words = [" in (", " notin (", ")", ",", "!", "=", "==", "!=", ">", "<", "a", "a/b", "a.b/c", "()", "é"], Iterations = 2000 },
        new("fields-selector", () => [.. Corpus.Texts("selectors.txt")], FieldSelector) { Words = ["metadata.name", "status.phase", "=", "==", "!=", ",", "\\", "\\,", "\\=", "\\\\"], Iterations = 2000 },
        new("values", () => [.. Corpus.Texts("values.txt")], PlainValues) { Words = Values, Iterations = 2000 },
        new("json-path", () => [.. Corpus.Texts("paths.txt")], JsonPath) { Words = [".", "..", "[", "]", "[*]", "[0]", "[-1]", "[1:2:3]", "[::0]", "[?(@.a==\"b\")]", "@", "$", "'", "\"", "\\", "{", "}", "range", "9999999999999999999", ".spec"], Iterations = 1500, AllocatedPerByte = 40_000 },
    ];

    private static readonly string[] Values =
    [
        "Ki", "Mi", "Ei", "m", "n", "k", "E", "e", "e3", "E-3", "e9999999999", ".", "-", "+", "0", "1", "999999999999999999", "::", "::ffff:", "/0", "/128", "%eth0", "1.2.3.4", "h", "ms", "us", "µs", "ns", "T", "Z", "+00:00", "-23:59", ":60", "24:00", ".999999999999",
        "https://", "user:pw@", "[::1]", ":99999", "?a=b&c", "#f", "%zz", "%2F", "(", ")", "*", "+", "{1,1000}", "{1000}", "(?i)", "\\b", "[^a]", "|", "^", "$", "\\pL", "(?P<n>", "%s", "%d", "%.3f", "%e", "%x", "%X", "%b", "%o", "%%", "@every ", "@daily", "TZ=UTC ", "*/5", "1-5", "MON", "JAN", "?", "L",
    ];

    private static void Cel(Seed seed)
    {
        var compiled = CelProgram.Compile(Corpus.Text(seed), Environment);
        if (compiled.Program is not { } program)
        {
            Sound.True(compiled.IssueText.Length > 0, "a refusal says why");
            return;
        }
        _ = program.EstimateCost();
        Evaluated(program, "text");
    }

    private static void Evaluated(CelProgram program, string text)
    {
        const int limit = 100_000;
        var activation = new CelActivation().Set("self", Self).Set("x", CelValue.String(text));
        var result = program.Evaluate(activation, limit);
        Sound.True(result.Cost <= limit || result.LimitExceeded, "what costs more than it may is ended");
        _ = result.Value.ToString();
        if (!result.Value.IsError) _ = CelJson.ToJson(result.Value, out _);
    }

    private static void CelText(Seed seed)
    {
        var text = Corpus.Text(seed);
        foreach (var (expression, program) in Readers)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Evaluated(program, text);
            Sound.True(GC.GetAllocatedBytesForCurrentThread() - before < (16 << 20) + 8000L * text.Length, "allocates too much: " + expression);
        }
    }

    private static void Labels(Seed seed)
    {
        var text = Corpus.Text(seed);
        if (!LabelQuery.TryParse(text, out var query, out var error))
        {
            Sound.True(error is { Length: > 0 }, "a refusal says why");
            return;
        }
        Sound.True(LabelQuery.TryParse(query.ToString(), out var again, out _) && again.ToString() == query.ToString(), "a selector that was printed reads back the same");
        foreach (var labels in (string[])["{}", """{"a":"b"}""", """{"a":"1","x":"","tier":"front"}"""])
        {
            var map = JsonNode.Parse(labels)!.AsObject().ToDictionary(l => l.Key, l => (string)l.Value!);
            Sound.True(query.Matches(Utf8.GetBytes(labels)) == query.Matches(map), "labels in JSON and in memory match alike");
            Sound.True(again.Matches(map) == query.Matches(map), "a selector that was printed matches what it matched");
        }
    }

    private static void FieldSelector(Seed seed)
    {
        if (!FieldQuery.TryParse(Corpus.Text(seed), out var query, out var error))
        {
            Sound.True(error is { Length: > 0 }, "a refusal says why");
            return;
        }
        _ = query.Matches(0, static (_, field) => field);
        Sound.True(FieldQuery.TryParse(query.ToString(), out var again, out _) && again.Requirements.ToHashSet().SetEquals(query.Requirements), "a selector that was printed reads back the same");
    }

    private static void PlainValues(Seed seed)
    {
        var text = Corpus.Text(seed);
        if (Quantity.TryParse(text, out var quantity, out var error))
        {
            Sound.True(Quantity.TryParse(quantity.ToString(), out var again) && again.CompareTo(quantity) == 0, "a quantity that was printed is worth the same");
            Sound.True(again.ToString() == quantity.ToString(), "a quantity has one text");
            _ = (quantity + quantity, quantity - again, -quantity, quantity.Value, quantity.MilliValue, quantity.GetHashCode());
        }
        else Sound.True(error is { Length: > 0 }, "a refusal says why");
        if (GoTime.Canonical(text, micro: false) is { } time) Sound.True(GoTime.Canonical(time, micro: false) == time, "a time that was written reads back the same");
        _ = (GoTime.Canonical(text, micro: true), GoTime.ParseError(text));
        _ = (IpRules.Address(text), IpRules.LegacyAddress(text), IpRules.Cidr(text), IpRules.LegacyCidr(text, strict: false), IpRules.InterfaceAddress(text), IpRules.IsWithin(text, text));
        _ = (IpRules.AddressWarning(FieldPath.Of("a"), text), IpRules.CidrWarnings(FieldPath.Of("a"), text), new IntOrString(text).Scaled(100, true));
        _ = (NameRules.Dns1123Subdomain(text), NameRules.LabelKey(text), NameRules.PathSegment(text), GoText.Quote(text));
        _ = GoDuration.Parse(text, out _);
        _ = GoNumber.Parse(text, out _);
        foreach (var format in Formats) _ = ValueFormats.Fits(format, text);
        if (CronForm.Problem(text) is null) Scheduled(text);
    }

    private static readonly string[] Formats =
        ["bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5", "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password", "date", "duration", "datetime", "date-time", "k8s-short-name", "k8s-long-name"];

    // What validation lets pass, the controller must be able to follow: no time is an answer, too.
    private static void Scheduled(string text)
    {
        Schedules.Follow(CronSchedule.Parse(text, TimeZoneInfo.Utc));
    }

    private static void JsonPath(Seed seed)
    {
        JsonPaths.First(Corpus.Text(seed), PathRoot, out _);
    }

    private static readonly JsonNode PathRoot = JsonNode.Parse("""{"spec":{"list":[{"a":"b","n":1},{"a":"c","n":2},null,[1,2]],"x.y":{"z":true}},"status":{"conditions":[{"type":"Ready","status":"True"}]}}""")!;
}
