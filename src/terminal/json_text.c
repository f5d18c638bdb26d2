/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal/json_text.h"

void json_text_add(struct text_buffer *buffer, struct text text)
{
    if (!text_is_utf8(text))
        text = TEXT("?");
    text_buffer_add_char(buffer, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte < ' ' || byte == 0x7F)
            text_buffer_add_format(buffer, "\\u%04x", byte);
        else if (byte == '"' || byte == '\\')
            text_buffer_add_format(buffer, "\\%c", byte);
        else
            text_buffer_add_char(buffer, (char)byte);
    }
    text_buffer_add_char(buffer, '"');
}
