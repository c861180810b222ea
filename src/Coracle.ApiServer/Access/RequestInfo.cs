using System.Collections.Frozen;
using System.Globalization;

namespace Coracle.ApiServer.Access;

/// <summary>
/// What a request's method, path and query say: upstream's request.RequestInfo, with the same answers for odd paths, because authorization hangs on them.
/// </summary>
public sealed class RequestInfo
{
    private RequestInfo(string path) => Path = path;

    /// <summary>The path as it was given, decoded.</summary>
    public string Path { get; }

    /// <summary>get, list, watch, create, update, patch, delete, deletecollection or proxy for a resource; the HTTP method in lower case otherwise.</summary>
    public string Verb { get; private set; } = "";

    /// <summary>False for paths such as /healthz, /apis or /apis/apps/v1.</summary>
    public bool IsResourceRequest { get; private set; }

    /// <summary>"api" or "apis".</summary>
    public string ApiPrefix { get; private set; } = "";
    public string ApiGroup { get; private set; } = "";
    public string ApiVersion { get; private set; } = "";

    /// <summary>The namespace of the path. For a namespace itself, its own name, as upstream has it.</summary>
    public string Namespace { get; private set; } = "";
    public string Resource { get; private set; } = "";
    public string Subresource { get; private set; } = "";

    /// <summary>The object's name in the path, or the one that a list's or watch's field selector demands as metadata.name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The path named a single object. False when <see cref="Name"/> came from a field selector, which still answers a list.</summary>
    public bool NameIsFromPath { get; private set; }

    /// <summary>What follows the sub-resource: "a/b" of pods/x/proxy/a/b, without the leading slash but with a trailing one, which means something to a proxied server.</summary>
    public string Rest { get; private set; } = "";

    /// <summary>The verb stood in the path, as /api/v1/watch/pods does.</summary>
    public bool IsVerbInPath { get; private set; }

    /// <summary>The unparsed selectors of list, watch and deletecollection, which alone honour them. Empty where there are none.</summary>
    public string FieldSelector { get; private set; } = "";
    public string LabelSelector { get; private set; } = "";

    /// <summary>Not empty when the path has the form of a resource but names none; the request fails with this text and status 500, as upstream.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Requests that may last as long as they like: they are outside the request timeout and, but for the beginning of watches, flow control.</summary>
    public bool IsLongRunning => IsResourceRequest
        ? Verb is "watch" or "proxy" || Subresource is "exec" or "attach" or "portforward" or "proxy" or "log"
        : Path.StartsWith("/debug/pprof/", StringComparison.Ordinal);

    /// <param name="method">The HTTP method in upper case.</param>
    /// <param name="path">The decoded path, "/api/v1/pods".</param>
    /// <param name="query">The query as sent, with or without "?".</param>
    public static RequestInfo Parse(string method, string path, ReadOnlySpan<char> query)
    {
        var info = new RequestInfo(path);
        var text = path.AsSpan().TrimStart('/');
        var split = text.TrimEnd('/');
        Span<Range> ranges = stackalloc Range[MaxParts];
        var parts = new Parts(text, ranges[..split.Split(ranges, '/')]);
        if (split.Length == 0 || !info.TakeGroupVersion(ref parts))
        {
            info.Verb = LowerMethod(method);
            return info;
        }
        info.IsResourceRequest = true;
        if (!info.TakeVerb(method, ref parts))
        {
            info.Error = $"unable to determine kind and namespace from url, {path}";
            return info;
        }
        info.TakeObject(ref parts);
        info.ReadQuery(query);
        return info;
    }

    /// <summary>The same request as if it were about one object of its collection.</summary>
    public RequestInfo WithObject(string ns, string name)
    {
        var copy = (RequestInfo)MemberwiseClone();
        copy.Namespace = ns;
        copy.Name = name;
        copy.NameIsFromPath = true;
        return copy;
    }

    /// <summary>The same, as an authorizer sees it.</summary>
    public RequestAttributes AttributesFor(User user)
    {
        IReadOnlyList<FieldRequirement> terms = [];
        if (FieldSelector.Length > 0)
            FieldRequirement.TryParse(FieldSelector, out terms, out _);
        return new RequestAttributes
        {
            User = user, Verb = Verb, ApiGroup = ApiGroup, ApiVersion = ApiVersion, Resource = Resource, Subresource = Subresource,
            Namespace = Namespace, Name = Name, IsResourceRequest = IsResourceRequest, Path = Path, FieldSelector = terms, LabelSelector = LabelSelector,
        };
    }

    private bool TakeGroupVersion(ref Parts parts)
    {
        if (parts.Count < 3)
            return false;
        var prefix = parts[0];
        if (prefix is not ("api" or "apis"))
            return false;
        if (prefix is "apis" && parts.Count < 4)
        {
            ApiPrefix = "apis";
            return false;
        }
        ApiPrefix = Known(parts.Take());
        if (ApiPrefix == "apis")
            ApiGroup = Known(parts.Take());
        ApiVersion = Known(parts.Take());
        return true;
    }

    private bool TakeVerb(string method, ref Parts parts)
    {
        if (parts[0] is "proxy" or "watch")
        {
            if (parts.Count < 2)
            {
                Verb = LowerMethod(method);
                return false;
            }
            IsVerbInPath = true;
            Verb = Known(parts.Take());
            return true;
        }
        Verb = method switch
        {
            "GET" or "HEAD" => "get",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ => "",
        };
        return true;
    }

    private void TakeObject(ref Parts parts)
    {
        if (parts[0] is "namespaces" && parts.Count > 1)
        {
            Namespace = Known(parts[1]);
            if (parts.Count > 2 && parts[2] is not ("status" or "finalize"))
            {
                parts.Take();
                parts.Take();
            }
        }
        Resource = Known(parts.Take());
        if (parts.Count > 0)
            Name = parts.Take().ToString();
        NameIsFromPath = Name.Length > 0;
        // The old proxy verb's path goes on into the proxied server: there is no sub-resource in it.
        if (parts.Count > 0 && Verb != "proxy")
            Subresource = Known(parts.Take());
        if (parts.Count > 0)
            Rest = parts.All();
    }

    private void ReadQuery(ReadOnlySpan<char> query)
    {
        if (Name.Length == 0 && Verb == "get")
            ReadListQuery(query);
        else if (Name.Length == 0 && Verb == "delete")
            Verb = "deletecollection";
        if (IsVerbInPath || query.Length < 2 || Verb is not ("list" or "watch" or "deletecollection"))
            return;
        FieldSelector = QueryText.First(query, "fieldSelector") ?? "";
        LabelSelector = QueryText.First(query, "labelSelector") ?? "";
    }

    private void ReadListQuery(ReadOnlySpan<char> query)
    {
        Verb = "list";
        if (query.Length < 2)
            return;
        var watch = QueryText.First(query, "watch");
        if (watch is not (null or "0") && !watch.Equals("false", StringComparison.OrdinalIgnoreCase))
            Verb = "watch";
        if (QueryText.First(query, "fieldSelector") is { Length: > 0 } selector
            && FieldRequirement.TryParse(selector, out var terms, out _)
            && FieldRequirement.ExactValue(terms, "metadata.name") is { } name && IsPathSegment(name)
            && IsNumberOrAbsent(query, "limit") && IsNumberOrAbsent(query, "timeoutSeconds"))
            Name = name;
    }

    /// <summary>Upstream ignores all list options for authorization when one of them does not decode.</summary>
    private static bool IsNumberOrAbsent(ReadOnlySpan<char> query, string parameter) =>
        QueryText.First(query, parameter) is not { } text
        || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool IsPathSegment(string name) => name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '%') < 0;

    private static string LowerMethod(string method) => method switch
    {
        "GET" => "get",
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "HEAD" => "head",
        "OPTIONS" => "options",
        _ => method.ToLowerInvariant(),
    };

    /// <summary>The same string object for the words that most requests consist of.</summary>
    private static string Known(ReadOnlySpan<char> part) => KnownWords.TryGetValue(part, out var known) ? known : part.ToString();

    // prefix, group, version, verb, "namespaces", namespace, resource, name, sub-resource, rest
    private const int MaxParts = 10;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KnownWords = FrozenSet.Create(StringComparer.Ordinal,
        "", "api", "apis", "v1", "v2", "v1beta1", "v1alpha1", "watch", "proxy", "default", "kube-system", "kube-public", "kube-node-lease",
        "apps", "batch", "autoscaling", "policy", "rbac.authorization.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
        "authentication.k8s.io", "authorization.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "admissionregistration.k8s.io",
        "networking.k8s.io", "storage.k8s.io", "scheduling.k8s.io", "node.k8s.io", "certificates.k8s.io", "resource.k8s.io",
        "flowcontrol.apiserver.k8s.io", "pods", "services", "endpoints", "endpointslices", "nodes", "namespaces", "secrets", "configmaps",
        "serviceaccounts", "persistentvolumes", "persistentvolumeclaims", "events", "replicationcontrollers", "resourcequotas", "limitranges",
        "podtemplates", "componentstatuses", "deployments", "replicasets", "statefulsets", "daemonsets", "controllerrevisions", "jobs", "cronjobs",
        "horizontalpodautoscalers", "poddisruptionbudgets", "roles", "rolebindings", "clusterroles", "clusterrolebindings", "leases",
        "customresourcedefinitions", "apiservices", "ingresses", "ingressclasses", "networkpolicies", "storageclasses", "volumeattachments",
        "csinodes", "csidrivers", "csistoragecapacities", "priorityclasses", "runtimeclasses", "certificatesigningrequests", "subjectaccessreviews",
        "selfsubjectaccessreviews", "localsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews", "tokenreviews",
        "validatingwebhookconfigurations", "mutatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings",
        "flowschemas", "prioritylevelconfigurations", "status", "scale", "binding", "eviction", "token", "log", "exec", "attach", "portforward",
        "finalize", "approval", "ephemeralcontainers", "resize").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The parts of a path between slashes, taken from the left.</summary>
    private ref struct Parts(ReadOnlySpan<char> text, ReadOnlySpan<Range> ranges)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private ReadOnlySpan<Range> _ranges = ranges;

        public readonly int Count => _ranges.Length;
        public readonly ReadOnlySpan<char> this[int index] => _text[_ranges[index]];

        public ReadOnlySpan<char> Take()
        {
            var part = _text[_ranges[0]];
            _ranges = _ranges[1..];
            return part;
        }

        public readonly string All() => _text[_ranges[0].Start..].ToString();
    }
}
