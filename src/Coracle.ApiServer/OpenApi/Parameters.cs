namespace Coracle.ApiServer.OpenApi;

/// <summary>
/// The parameters of operations. The names after the dash are upstream's, which makes them from its own descriptions: they are part of what is published, and clients
/// generated from the document may have them in their code.
/// </summary>
internal static class Parameters
{
    private static readonly PublishedParameter Pretty = new("pretty", "string", "\"true\" indents the answer, which is made for people then.", "pretty-tJGM1-ng");
    private static readonly PublishedParameter DryRun = new("dryRun", "string", "\"All\" does everything but store the outcome.");
    private static readonly PublishedParameter FieldValidation = new("fieldValidation", "string",
        "What is done about fields that are unknown or given twice: Ignore, Warn (unless told otherwise) or Strict.");
    private static readonly PublishedParameter FieldManager = new("fieldManager", "string", "Who makes the change, for metadata.managedFields: up to 128 printable characters.", "fieldManager-Qy4HdaTW");
    private static readonly PublishedParameter PatchManager = new("fieldManager", "string",
        "Who makes the change, for metadata.managedFields: up to 128 printable characters. An apply has to say it.", "fieldManager-7c6nTn1T");
    private static readonly PublishedParameter Force = new("force", "boolean", "An apply takes fields over from other managers rather than fail.", "force-tOGGb0Yi");
    private static readonly PublishedParameter Continue = new("continue", "string", "The token of the page before.", "continue-QfD61s0i");
    private static readonly PublishedParameter FieldSelector = new("fieldSelector", "string", "Restricts the objects by fields.", "fieldSelector-xIcQKXFG");
    private static readonly PublishedParameter LabelSelector = new("labelSelector", "string", "Restricts the objects by labels.", "labelSelector-5Zw57w4C");
    private static readonly PublishedParameter Limit = new("limit", "integer", "How many objects a page may have.", "limit-1NfNmdNH");
    private static readonly PublishedParameter ResourceVersion = new("resourceVersion", "string", "From when on to watch, or as of when to list.", "resourceVersion-5WAnf1kx");
    private static readonly PublishedParameter ResourceVersionMatch = new("resourceVersionMatch", "string", "How resourceVersion is meant in a list: Exact or NotOlderThan.", "resourceVersionMatch-t8XhRHeC");
    private static readonly PublishedParameter SendInitialEvents = new("sendInitialEvents", "boolean", "Begins a watch with an ADDED for every object, and a bookmark at their end.", "sendInitialEvents-rLXlEK_k");
    private static readonly PublishedParameter ShardSelector = new("shardSelector", "string", "Restricts the objects to ranges of hashes of a field, so that clients can share the work.", "shardSelector-Kgyki_3_");
    private static readonly PublishedParameter TimeoutSeconds = new("timeoutSeconds", "integer", "After how many seconds to end, whatever happens.", "timeoutSeconds-yvYezaOC");

    public static IReadOnlyList<PublishedParameter> Get { get; } = [Pretty];
    public static IReadOnlyList<PublishedParameter> Write { get; } = [DryRun, FieldManager, FieldValidation, Pretty];
    public static IReadOnlyList<PublishedParameter> Patch { get; } = [DryRun, PatchManager, FieldValidation, Force, Pretty];

    private static readonly PublishedParameter[] Selection = [Continue, FieldSelector, LabelSelector, Limit, ResourceVersion, ResourceVersionMatch, SendInitialEvents, ShardSelector, TimeoutSeconds];

    public static IReadOnlyList<PublishedParameter> List { get; } =
    [
        .. Selection, Pretty,
        new("allowWatchBookmarks", "boolean", "Sends events of type BOOKMARK from time to time, which tell how far the watch is.", "allowWatchBookmarks-HC2hJt-J"),
        new("watch", "boolean", "Answers with changes as they happen.", "watch-XNNPZGbK"),
    ];

    public static IReadOnlyList<PublishedParameter> Delete { get; } =
    [
        DryRun, Pretty,
        new("gracePeriodSeconds", "integer", "Seconds for the object to end in order; 0 deletes at once. The kind's own unless given.", "gracePeriodSeconds--K5HaBOS"),
        new("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean", "Deletes an object that can no longer be read, finalizers and all.",
            "ignoreStoreReadErrorWithClusterBreakingPotential-QbNkfIqj"),
        new("orphanDependents", "boolean", "Old form of propagationPolicy: true for Orphan.", "orphanDependents-uRB25kX5"),
        new("propagationPolicy", "string", "What becomes of the objects that this one owns: Orphan, Background or Foreground (they go first).", "propagationPolicy-6jk3prlO"),
    ];

    public static IReadOnlyList<PublishedParameter> DeleteCollection { get; } = [.. Selection, .. Delete];

    public static PublishedParameter Namespace { get; } = new("namespace", "string", "The namespace.", "namespace-vgWSWtn3", "path");

    public static PublishedParameter Name(string kind) => new("name", "string", $"The name of the {kind}.", In: "path");

    /// <summary>The rest of the path below a proxy.</summary>
    public static PublishedParameter Rest { get; } = new("path", "string", "The path to ask for behind the proxy.", "path-z6Ciiujn", "path");

    public static IReadOnlyList<PublishedParameter> Log { get; } =
    [
        Pretty,
        new("container", "string", "Whose log; the only container's unless given.", "container-1GeXxFDC"),
        new("follow", "boolean", "Goes on as the log grows.", "follow-9OIXh_2R"),
        new("insecureSkipTLSVerifyBackend", "boolean", "Does not check who the node is that the log comes from.", "insecureSkipTLSVerifyBackend-gM00jVbe"),
        new("limitBytes", "integer", "After how many bytes to end.", "limitBytes-zwd1RXuc"),
        new("previous", "boolean", "The log of the container's last run.", "previous-1jxDPu3y"),
        new("sinceSeconds", "integer", "How many seconds back to begin.", "sinceSeconds-vE2NLdnP"),
        new("stream", "string", "All (unless told otherwise), Stdout or Stderr.", "stream-l-48cgXv"),
        new("tailLines", "integer", "How many of the last lines to begin with.", "tailLines-9xQLWHMV"),
        new("timestamps", "boolean", "Puts the time before every line.", "timestamps-c17fW1w_"),
    ];

    /// <summary>What connections to pods, services and nodes take, by the kind of their options.</summary>
    public static IReadOnlyDictionary<string, PublishedParameter[]> Connections { get; } = new Dictionary<string, PublishedParameter[]>(StringComparer.Ordinal)
    {
        ["PodExecOptions"] =
        [
            new("command", "string", "The program and its arguments, one parameter each.", "command-Py3eQybp"),
            new("container", "string", "Where to run it; the only container unless given.", "container-i5dOmRiM"),
            new("stderr", "boolean", "Sends what it writes to its standard error.", "stderr-W_1TNlWc"),
            new("stdin", "boolean", "Gives it a standard input.", "stdin-PSzNhyUC"),
            new("stdout", "boolean", "Sends what it writes to its standard output.", "stdout--EZLRwV1"),
            new("tty", "boolean", "Gives it a terminal.", "tty-s0flW37O"),
        ],
        ["PodAttachOptions"] =
        [
            new("container", "string", "Which container; the only one unless given.", "container-_Q-EJ3nR"),
            new("stderr", "boolean", "Sends what the container writes to its standard error.", "stderr-26jJhFUR"),
            new("stdin", "boolean", "Connects the container's standard input.", "stdin-sEFnN3IS"),
            new("stdout", "boolean", "Sends what the container writes to its standard output.", "stdout-005YMKE6"),
            new("tty", "boolean", "The container has a terminal.", "tty-g7MlET_l"),
        ],
        ["PodPortForwardOptions"] = [new("ports", "integer", "The ports to forward.", "ports-91KROJmm")],
        ["PodProxyOptions"] = [new("path", "string", "The path to ask the pod for.", "path-oPbzgLUj")],
        ["ServiceProxyOptions"] = [new("path", "string", "The path to ask the service for, its port and namespace included.", "path-QCf0eosM")],
        ["NodeProxyOptions"] = [new("path", "string", "The path to ask the node for.", "path-rFDtV0x9")],
    };

    /// <summary>The two bodies that documents of the second edition hold once.</summary>
    public static string? SharedBody(string? definition) => definition switch
    {
        PublishedTypes.Meta + "DeleteOptions" => "body-2Y1dVQaQ",
        PublishedTypes.Meta + "Patch" => "body-78PwaGsr",
        _ => null,
    };
}
