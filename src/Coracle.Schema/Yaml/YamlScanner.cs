using System.Text;

namespace Coracle.Schema;

/// <summary>
/// Divides a YAML text into tokens. Indentation becomes tokens that start and end blocks; a key is recognised by the colon that follows it on the same
/// line, so a token is given out only when no colon can turn it into a key any more.
/// </summary>
internal sealed partial class YamlScanner(string text)
{
    /// <summary>How deep blocks, and how deep flow collections, may nest.</summary>
    private const int MaxDepth = 500;

    /// <summary>A key that is followed by its colon later than this is none.</summary>
    private const int MaxKeyLength = 1024;

    private readonly YamlText source = new(text);
    private readonly List<YamlToken> queue = [];
    private readonly Stack<int> indents = [];
    private readonly List<PossibleKey> keys = [default]; // one for each level of flow collections
    private readonly Dictionary<int, int> keyOfToken = []; // token number to level
    private int head;
    private int taken;
    private int indent = -1;
    private bool keyAllowed = true;
    private bool ended;

    private readonly record struct PossibleKey(bool Possible, bool Required, int Token, YamlMark Mark);

    private int FlowLevel => keys.Count - 1;

    /// <summary>The next token; the last one is StreamEnd, which repeats.</summary>
    public YamlToken Peek()
    {
        while (NeedsMore() && !ended) FetchNext();
        return queue[head];
    }

    public YamlToken Take()
    {
        var token = Peek();
        if (token.Kind == YamlTokenKind.StreamEnd) return token;
        taken++;
        head++;
        if (head > 64)
        {
            queue.RemoveRange(0, head);
            head = 0;
        }
        return token;
    }

    private bool NeedsMore() => head == queue.Count || keyOfToken.TryGetValue(taken, out var level) && IsValid(level);

    private int NextNumber => taken + queue.Count - head;

    private void Add(YamlTokenKind kind, string value = "") => queue.Add(new(kind, source.Line, value));

    private void FetchNext()
    {
        SkipToToken();
        Unroll(source.Column);
        if (source.AtEnd)
        {
            FetchEnd();
            return;
        }
        if (source.Column == 0 && source.Current == '%') FetchDirective();
        else if (source.AtDocumentIndicator) FetchDocumentIndicator();
        else FetchToken(source.Current);
    }

    private void FetchToken(char c)
    {
        switch (c)
        {
            case '[': FetchFlowStart(YamlTokenKind.FlowSequenceStart); break;
            case '{': FetchFlowStart(YamlTokenKind.FlowMappingStart); break;
            case ']': FetchFlowEnd(YamlTokenKind.FlowSequenceEnd); break;
            case '}': FetchFlowEnd(YamlTokenKind.FlowMappingEnd); break;
            case ',': FetchFlowEntry(); break;
            case '-' when source.IsBlankOrEnd(1): FetchBlockEntry(); break;
            case '?' when FlowLevel > 0 || source.IsBlankOrEnd(1): FetchKey(); break;
            case ':' when FlowLevel > 0 || source.IsBlankOrEnd(1): FetchValue(); break;
            case '*': FetchAnchor(YamlTokenKind.Alias); break;
            case '&': FetchAnchor(YamlTokenKind.Anchor); break;
            case '!': FetchTag(); break;
            case '|' when FlowLevel == 0: FetchBlockScalar(literal: true); break;
            case '>' when FlowLevel == 0: FetchBlockScalar(literal: false); break;
            case '\'': FetchQuoted(single: true); break;
            case '"': FetchQuoted(single: false); break;
            default:
                if (!StartsPlain(c)) throw Fail("found character that cannot start any token");
                FetchPlain();
                break;
        }
    }

    private bool StartsPlain(char c) => c switch
    {
        '-' => !source.IsBlank(1),
        '?' or ':' => FlowLevel == 0,
        _ => !source.IsBlankOrEnd() && !"#,[]{}&*!|>'\"%@`".Contains(c),
    };

    /// <summary>Skips blanks, comments and line breaks. Tabs do not indent: where a key may start they are no blanks.</summary>
    private void SkipToToken()
    {
        while (true)
        {
            if (source.Column == 0 && source.Current == '\ufeff') source.Skip();
            while (source.Current == ' ' || source.Current == '\t' && (FlowLevel > 0 || !keyAllowed)) source.Skip();
            source.SkipComment();
            if (!source.IsBreak()) return;
            source.SkipLine();
            if (FlowLevel == 0) keyAllowed = true;
        }
    }

    private bool IsValid(int level)
    {
        var key = keys[level];
        if (!key.Possible) return false;
        if (key.Mark.Line >= source.Line && key.Mark.Index + MaxKeyLength >= source.Mark.Index) return true;
        if (key.Required) throw Fail("could not find expected ':'");
        keys[level] = key with { Possible = false };
        return false;
    }

    private void SaveKey()
    {
        if (!keyAllowed) return;
        RemoveKey();
        keys[^1] = new(true, FlowLevel == 0 && indent == source.Column, NextNumber, source.Mark);
        keyOfToken[NextNumber] = keys.Count - 1;
    }

    private void RemoveKey()
    {
        var key = keys[^1];
        if (!key.Possible) return;
        if (key.Required) throw Fail("could not find expected ':'");
        keys[^1] = key with { Possible = false };
        keyOfToken.Remove(key.Token);
    }

    /// <summary>Opens a block when the column is further in than the current one.</summary>
    private void Roll(int column, YamlTokenKind kind, int line, int at)
    {
        if (FlowLevel > 0 || indent >= column) return;
        indents.Push(indent);
        indent = column;
        if (indents.Count > MaxDepth) throw Fail($"exceeded max depth of {MaxDepth}");
        queue.Insert(at, new(kind, line));
    }

    private void Unroll(int column)
    {
        if (FlowLevel > 0) return;
        while (indent > column)
        {
            Add(YamlTokenKind.BlockEnd);
            indent = indents.Pop();
        }
    }

    private void FetchEnd()
    {
        source.EndLine();
        Unroll(-1);
        RemoveKey();
        keyAllowed = false;
        Add(YamlTokenKind.StreamEnd);
        ended = true;
    }

    private void FetchDocumentIndicator()
    {
        Unroll(-1);
        RemoveKey();
        keyAllowed = false;
        Add(source.Current == '-' ? YamlTokenKind.DocumentStart : YamlTokenKind.DocumentEnd);
        source.Skip(3);
    }

    private void FetchFlowStart(YamlTokenKind kind)
    {
        SaveKey();
        keys.Add(default);
        if (FlowLevel > MaxDepth) throw Fail($"exceeded max depth of {MaxDepth}");
        keyAllowed = true;
        Add(kind);
        source.Skip();
    }

    private void FetchFlowEnd(YamlTokenKind kind)
    {
        RemoveKey();
        if (FlowLevel > 0) keys.RemoveAt(keys.Count - 1);
        keyAllowed = false;
        Add(kind);
        source.Skip();
    }

    private void FetchFlowEntry()
    {
        RemoveKey();
        keyAllowed = true;
        Add(YamlTokenKind.FlowEntry);
        source.Skip();
    }

    private void FetchBlockEntry()
    {
        if (FlowLevel == 0)
        {
            if (!keyAllowed) throw Fail("block sequence entries are not allowed in this context");
            Roll(source.Column, YamlTokenKind.BlockSequenceStart, source.Line, queue.Count);
        }
        RemoveKey();
        keyAllowed = true;
        Add(YamlTokenKind.BlockEntry);
        source.Skip();
    }

    private void FetchKey()
    {
        if (FlowLevel == 0)
        {
            if (!keyAllowed) throw Fail("mapping keys are not allowed in this context");
            Roll(source.Column, YamlTokenKind.BlockMappingStart, source.Line, queue.Count);
        }
        RemoveKey();
        keyAllowed = FlowLevel == 0;
        Add(YamlTokenKind.Key);
        source.Skip();
    }

    private void FetchValue()
    {
        var key = keys[^1];
        if (IsValid(keys.Count - 1))
        {
            var at = head + key.Token - taken;
            queue.Insert(at, new(YamlTokenKind.Key, key.Mark.Line));
            Roll(key.Mark.Column, YamlTokenKind.BlockMappingStart, key.Mark.Line, at);
            keys[^1] = key with { Possible = false };
            keyOfToken.Remove(key.Token);
            keyAllowed = false;
        }
        else
        {
            if (FlowLevel == 0)
            {
                if (!keyAllowed) throw Fail("mapping values are not allowed in this context");
                Roll(source.Column, YamlTokenKind.BlockMappingStart, source.Line, queue.Count);
            }
            keyAllowed = FlowLevel == 0;
        }
        Add(YamlTokenKind.Value);
        source.Skip();
    }

    private void FetchAnchor(YamlTokenKind kind)
    {
        SaveKey();
        keyAllowed = false;
        var line = source.Line;
        source.Skip();
        var start = source.Mark;
        while (source.IsWord()) source.Skip();
        var name = source.Since(start);
        if (name.Length == 0 || !source.IsBlankOrEnd() && !"?:,]}%@`".Contains(source.Current))
            throw Fail("did not find expected alphabetic or numeric character");
        queue.Add(new(kind, line, name));
    }

    private void FetchBlockScalar(bool literal)
    {
        RemoveKey();
        keyAllowed = true;
        ScanBlockScalar(literal);
    }

    private void FetchQuoted(bool single)
    {
        SaveKey();
        keyAllowed = false;
        ScanQuoted(single);
    }

    private void FetchPlain()
    {
        SaveKey();
        keyAllowed = false;
        ScanPlain();
    }

    private YamlException Fail(string problem) => YamlException.AtCharacter(source.Line, problem);
}
